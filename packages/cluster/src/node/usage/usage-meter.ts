import { readFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import type { Clock } from '@argosy/kube'
import { type ContainerUsage, containerRoots, containerUsage } from './container-usage.ts'
import { processTable } from './process-table.ts'

/** What is used of one thing: processors, and bytes of memory. */
interface Used {
  readonly cpu: number
  readonly memory: number
}

/** What was used between two looks. */
export interface Usage {
  readonly at: number
  readonly windowMs: number
  readonly machine: Used
  readonly containers: readonly (Used & { readonly uid: string; readonly container: string })[]
}

export interface UsageMeter {
  /** Two looks, or one when the last is not long ago: nothing is measured while nobody asks. */
  read(signal: AbortSignal): Promise<Usage>
}

/** One look at the machine. */
export interface Look {
  readonly at: number
  /** Of all processors together. */
  readonly busyMs: number
  readonly memory: number
  readonly containers: readonly ContainerUsage[]
}

const shortestMs = 500
const longestMs = 60_000

/** What the machine and the containers of a data directory use. */
export function usageMeter({
  clock,
  look,
}: {
  readonly clock: Clock
  readonly look: () => Promise<Look>
}): UsageMeter {
  let last: Look | undefined
  return {
    async read(signal) {
      const age = last === undefined ? Number.POSITIVE_INFINITY : clock.now() - last.at
      let before = last
      if (before === undefined || age > longestMs || age < shortestMs) {
        if (before === undefined || age > longestMs) before = await look()
        await clock.until(before.at + shortestMs, signal)
      }
      const now = await look()
      last = now
      return between(before, now)
    },
  }
}

export function between(before: Look, now: Look): Usage {
  const windowMs = Math.max(1, now.at - before.at)
  const rate = (ms: number) => Math.max(0, ms) / windowMs
  const known = new Map(before.containers.map((one) => [`${one.uid}/${one.container}`, one.cpuMs]))
  return {
    ...{ at: now.at, windowMs },
    machine: { cpu: rate(now.busyMs - before.busyMs), memory: now.memory },
    containers: now.containers.map(({ uid, container, cpuMs, memory }) => {
      // One that has begun anew counts from its beginning.
      const base = known.get(`${uid}/${container}`) ?? 0
      const cpu = rate(base > cpuMs ? cpuMs : cpuMs - base)
      return { uid, container, cpu, memory }
    }),
  }
}

export function lookAt(dataDir: string, clock: Clock): () => Promise<Look> {
  return async () => {
    const [roots, processes, memory] = await Promise.all([
      containerRoots(dataDir),
      processTable(),
      usedMemory(),
    ])
    const containers = containerUsage(roots, processes)
    return { at: clock.now(), busyMs: busyMs(), memory, containers }
  }
}

function busyMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0)
}

/** What programs could not have at once. */
async function usedMemory(): Promise<number> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '')
  const available = /^MemAvailable: +(\d+) kB$/m.exec(text)?.[1]
  return totalmem() - Number(available ?? 0) * 1024
}
