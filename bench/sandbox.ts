import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Bench, Plan } from './harness/bench.ts'
import { compileFloor, type Floor } from './harness/floor.ts'
import { numbers, Peers, timed } from './harness/peers.ts'
import { interleave, ratio, type Sample, spreads } from './harness/samples.ts'
import { runOnServer } from './harness/served-steps.ts'
import { runStarts } from './harness/starts.ts'
import { runWorkflows } from './harness/workflows.ts'

/** Every namespace but the network's, over a read-only root: less than our sandbox does. */
const bwrap = ['--unshare-all', '--share-net', '--ro-bind', '/', '/', '--dev', '/dev']
const bwrapCommand = [...bwrap, '--proc', '/proc', '--tmpfs', '/tmp', '/bin/true']

/** The same steps, each in namespaces of its own over a copy-on-write root. */
export const sandbox: Bench = {
  name: 'sandbox',
  about: '2,000 steps in the sandbox, parallelism 4',
  async run(plan) {
    const { dir } = plan
    const count = plan.quick ? 200 : 2_000
    const peers = sandboxPeers(plan, compileFloor(dir), count)
    const runs = await interleave(plan, {
      limit: () => runStarts({ dir, runtime: 'sandbox', count, flight: 4 }),
      ours: () =>
        runWorkflows({
          ...{ dir, steps: 'sandbox', shape: 'fan-out', body: 'process' },
          ...{ count, parallelism: 4, warm: 1 },
        }),
      served: () => runOnServer({ dir, runtime: 'sandbox', count, parallelism: 4 }),
      ...(peers.runs as Record<never, () => Sample>),
    })
    const all: Readonly<Record<string, readonly Sample[]>> = runs
    const rate = [runs.ours, 'perSecond'] as const
    const against = (peer: string, bounds: object) => {
      const theirs = all[peer]
      if (!theirs) return []
      const value = ratio(rate, [theirs, 'perSecond'])
      return [{ what: `against ${peer}`, value, unit: '× its rate', ...bounds }]
    }
    return {
      figures: { count, ...spreads(runs) },
      missing: peers.missing,
      verdicts: [
        ...against('bwrap', { must: { least: 1 } }),
        {
          ...{ what: 'rate', value: ratio(rate, [runs.limit, 'perSecond']), unit: '× launcher' },
          goal: { least: 0.5 },
        },
        {
          what: 'rate of a server, whose steps have tokens',
          ...{ value: ratio([runs.served, 'perSecond'], rate), unit: '× without' },
        },
        ...against('runc', { goal: { least: 8 } }),
        ...against('docker', { goal: { least: 80 } }),
      ],
    }
  },
}

function sandboxPeers({ dir }: Plan, floor: Floor, count: number): Peers {
  const peers = new Peers()
  peers.add('bwrap', () => floor(Math.round(count / 4), 4, ['/usr/bin/bwrap', ...bwrapCommand]))
  const few = Math.round(count / 20)
  let bundle: string | undefined
  peers.add('runc', () => {
    bundle ??= runcBundle(dir)
    const command = `exec runc run -b ${bundle} bench-$$`
    return timed(['xargs', '-P4', '-I{}', 'sh', '-c', command], few, { input: numbers(few) })
  })
  if (!dockerRuns()) peers.missing.push('docker')
  else {
    peers.add('docker', () => {
      const command = 'exec docker run --rm --network none busybox true'
      return timed(['xargs', '-P4', '-I{}', 'sh', '-c', command], 24, { input: numbers(24) })
    })
  }
  return peers
}

/** A root that holds one static program, which starts faster than /bin/true: the doubt is in runc's favour. */
function runcBundle(dir: string): string {
  const bundle = `${dir}/bundle`
  mkdirSync(`${bundle}/rootfs`, { recursive: true })
  writeFileSync(`${bundle}/true.c`, 'int main(void) { return 0; }')
  execFileSync('cc', ['-O2', '-static', '-o', `${bundle}/rootfs/true`, `${bundle}/true.c`])
  execFileSync('runc', ['spec', '-b', bundle], { stdio: 'ignore' })
  const spec = JSON.parse(readFileSync(`${bundle}/config.json`, 'utf8'))
  spec.process = { ...spec.process, terminal: false, args: ['/true'], rlimits: [] }
  // Not every machine's groups can be shown inside.
  spec.mounts = spec.mounts.filter(({ type }: { type: string }) => type !== 'cgroup')
  writeFileSync(`${bundle}/config.json`, JSON.stringify(spec))
  return bundle
}

/** An engine that answers and has an image; nothing is pulled for a benchmark. */
function dockerRuns(): boolean {
  try {
    execFileSync('docker', ['image', 'inspect', 'busybox'], { stdio: 'ignore', timeout: 5_000 })
    return true
  } catch {
    return false
  }
}
