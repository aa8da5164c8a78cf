import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { processRuntime, type Runtime, sandboxRuntime } from '@argosy/cluster'
import type { ContainerSpec } from '../../packages/cluster/src/node/runtime.ts'
import { childCpu } from './cpu.ts'
import { percentile, type Sample } from './samples.ts'
import type { StartsOrder } from './starts.ts'

/** A process of its own that starts containers and prints what they cost. */
const order = JSON.parse(process.argv[2] ?? '') as StartsOrder
process.stdout.write(JSON.stringify(await measure(order)))
process.exit(0)

async function measure({ runtime: name, dir, count, flight }: StartsOrder): Promise<Sample> {
  await using runtime = await (name === 'process'
    ? processRuntime({ launcher: 'native' })
    : sandboxRuntime({ launchers: ['native'], scratchDir: dir }))
  const memory = mkdtempSync('/dev/shm/argosy-starts-')
  for (const name of ['scratch', 'logs']) mkdirSync(`${dir}/${name}`)
  const specs = Array.from({ length: count }, (_, index) => specOf(memory, dir, index)).values()
  const latencies: number[] = []
  const removals: Promise<void>[] = []
  const cpu = process.cpuUsage()
  const before = childCpu()
  const begin = performance.now()
  const worker = async () => {
    for (const spec of specs) {
      latencies.push(await once(runtime, spec))
      removals.push(runtime.remove(spec.dir))
    }
  }
  await Promise.all(Array.from({ length: flight }, worker))
  await Promise.all(removals)
  const ms = performance.now() - begin
  const { user, system } = process.cpuUsage(cpu)
  const childMs = (childCpu() - before) * 1000
  rmSync(memory, { recursive: true })
  return {
    perSecond: (count * 1000) / ms,
    msEach: ms / count,
    cpuMsEach: (user + system) / 1000 / count,
    childCpuMsEach: childMs / count,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  }
}

async function once(runtime: Runtime, spec: ContainerSpec): Promise<number> {
  const begin = performance.now()
  const { code, startError } = await (await runtime.start(spec)).exited
  if (code !== 0) throw new Error(startError ?? `${spec.dir} ended with ${code}`)
  return performance.now() - begin
}

/** Its records in memory, what it writes on the disk: as the node has them. */
function specOf(memory: string, disk: string, index: number): ContainerSpec {
  const log = `${disk}/logs/${index}.log`
  return {
    ...{ dir: `${memory}/${index}`, scratch: `${disk}/scratch/${index}` },
    ...{ argv: ['/bin/true'], env: { PATH: '/usr/bin:/bin', HOME: '/' }, workingDir: '/' },
    ...{ root: { kind: 'host' }, mounts: [], stdout: log, stderr: log },
  }
}
