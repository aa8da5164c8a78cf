import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Bench, Plan } from './harness/bench.ts'
import { buildProduct } from './harness/bundle.ts'
import { interleave, middle, type Sample, spreads } from './harness/samples.ts'

const door = fileURLToPath(new URL('../packages/app/bin/argosy.js', import.meta.url))

/** How long `argosy server` takes until it answers, and what it keeps when nobody asks it anything. */
export const server: Bench = {
  name: 'server',
  about: 'argosy server: its start on a new and on a known directory, its memory at rest',
  async run(plan) {
    buildProduct()
    const runs = await interleave(plan, { served: () => served(plan) })
    const start = { unit: 'ms', must: { most: 1500 } }
    return {
      figures: spreads(runs),
      verdicts: [
        { what: 'first start', value: middle(runs.served, 'firstMs'), ...start },
        { what: 'next start', value: middle(runs.served, 'nextMs'), ...start },
        {
          ...{ what: 'at rest', value: middle(runs.served, 'restMb'), unit: 'MB' },
          must: { most: 120 },
        },
      ],
    }
  },
}

async function served(plan: Plan): Promise<Sample> {
  const data = mkdtempSync(`${plan.dir}/data-`)
  const first = await start(data)
  await stop(first.child)
  const next = await start(data)
  await delay(plan.quick ? 2_000 : 15_000)
  const restMb = residentMb(next.child.pid ?? 0)
  await stop(next.child)
  return { firstMs: first.ms, nextMs: next.ms, restMb }
}

async function start(data: string): Promise<{ readonly child: ChildProcess; readonly ms: number }> {
  const begin = performance.now()
  const args = [door, 'server', '--data-dir', data, '--port', '0', '--http-port', '0']
  const env = { ...process.env, ARGOSY_DIST: '1' }
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  for await (const chunk of child.stdout) {
    said += chunk
    if (said.includes('argosy is ready')) break
  }
  if (!said.includes('argosy is ready')) throw new Error('the server ended before it was ready')
  return { child, ms: performance.now() - begin }
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM')
  await once(child, 'exit')
}

function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return (Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024) / 1e6
}
