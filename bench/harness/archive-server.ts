import { monitorEventLoopDelay } from 'node:perf_hooks'
import { localClient, Store } from '@argosy/cluster'
import { systemClock } from '@argosy/kube'
import { SqliteArchive, startArgoServer } from '@argosy/server'
import { generatedRun } from './archived-runs.ts'
import { percentile, type Sample } from './samples.ts'

/** Argo's REST API over an archive that is being filled, and nothing else. */
export interface ArchiveServer extends AsyncDisposable {
  /** Puts so many runs. */
  fill(count: number, nodes: number): Promise<Filled>
  /** Asks so many times, one after the other. Throws on an answer that is none. `held`: for how long the event loop was, p99. */
  ask(paths: readonly string[], times: number): Promise<Sample>
}

interface Filled extends Sample {
  readonly perSecond: number
  /** Of all threads, with what it takes to make a run up. */
  readonly cpuMsEach: number
}

/** As many as end together where many end. */
const batch = 500

export async function archiveServer(file: string): Promise<ArchiveServer> {
  const fatal = (error: Error) => {
    throw error
  }
  const store = new Store({ fatal })
  const client = localClient({ store })
  const archive = new SqliteArchive(file)
  const server = await startArgoServer({
    ...{ client, archive, clock: systemClock, host: '127.0.0.1', port: 0, modes: ['server'] },
    ownIdentity: { user: 'admin', groups: [] },
    authenticate: async () => undefined,
    authorize: async () => ({ allowed: true, reason: '' }),
    version: '0.0.0',
    log: (line) => process.stderr.write(`${line}\n`),
  })
  const get = async (path: string) => {
    const response = await fetch(`${server.url}${path}`)
    const text = await response.text()
    if (!response.ok) throw new Error(`${path}: ${text}`)
  }
  return {
    async fill(count, nodes) {
      const begin = performance.now()
      const cpu = process.cpuUsage()
      for (let at = 0; at < count; at += batch) {
        const runs = Array.from({ length: batch }, (_, n) => generatedRun(at + n, { nodes }))
        await archive.put(runs)
        // Others have their turn, as in a server.
        await new Promise(setImmediate)
      }
      const ms = performance.now() - begin
      const { user, system } = process.cpuUsage(cpu)
      return { perSecond: (count * 1000) / ms, cpuMsEach: (user + system) / 1000 / count }
    },
    async ask(paths, times) {
      const taken: number[] = []
      for (const path of paths) await get(path)
      const held = monitorEventLoopDelay({ resolution: 1 })
      held.enable()
      for (let at = 0; at < times; at++) {
        for (const path of paths) {
          const begin = performance.now()
          await get(path)
          taken.push(performance.now() - begin)
        }
      }
      held.disable()
      return {
        held: held.percentile(99) / 1e6,
        p50: percentile(taken, 0.5),
        p95: percentile(taken, 0.95),
        p99: percentile(taken, 0.99),
      }
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await archive[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}
