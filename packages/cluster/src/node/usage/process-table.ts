import { readdir, readFile } from 'node:fs/promises'

/** A process of this machine, and what it and the children that it has waited for have used. */
export interface Process {
  readonly pid: number
  readonly parent: number
  readonly session: number
  /** Ticks since boot: with `pid` it tells a process from a later one of the same number. */
  readonly startTime: string
  readonly cpuMs: number
  readonly memory: number
}

/** Linux shows every program the same: a tick is 10 ms, whatever the kernel counts in. */
const tickMs = 10
const pageBytes = 4096

/** All processes; nothing where there is no /proc. */
export async function processTable(): Promise<readonly Process[]> {
  const names = await readdir('/proc').catch(() => [])
  const all = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(look))
  return all.filter((one) => one !== undefined)
}

/** Undefined for one that has ended meanwhile. */
async function look(name: string): Promise<Process | undefined> {
  try {
    return parseStat(await readFile(`/proc/${name}/stat`, 'utf8'))
  } catch {
    return undefined
  }
}

/** One line of /proc/PID/stat, proc(5); the name of a program may hold anything, parentheses too. */
export function parseStat(text: string): Process {
  const rest = text.slice(text.lastIndexOf(')') + 2).split(' ')
  // The third field is the first one after the name.
  const field = (number: number) => rest[number - 3] ?? '0'
  const ticks = [14, 15, 16, 17].reduce((sum, number) => sum + Number(field(number)), 0)
  return {
    ...{ pid: Number.parseInt(text, 10), parent: Number(field(4)), session: Number(field(6)) },
    ...{ startTime: field(22), cpuMs: ticks * tickMs, memory: Number(field(24)) * pageBytes },
  }
}
