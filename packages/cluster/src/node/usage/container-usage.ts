import { readExit, readPid } from '../launcher/records.ts'
import { layoutOf, parseContainer } from '../layout.ts'
import { entries } from '../recovery.ts'
import type { Process } from './process-table.ts'

/** What a container has used of the processors since it began, and of the memory now. */
export interface ContainerUsage {
  readonly uid: string
  readonly container: string
  readonly cpuMs: number
  readonly memory: number
}

/** The first process of a container that runs. */
export interface ContainerRoot {
  readonly uid: string
  readonly container: string
  readonly pid: number
  readonly startTime: string
}

/** The containers of a data directory that run, by what their launcher has written down. */
export async function containerRoots(dataDir: string): Promise<readonly ContainerRoot[]> {
  const { containers } = layoutOf(dataDir)
  const found = await Promise.all(
    (await entries(containers)).map(async (name): Promise<ContainerRoot | undefined> => {
      const ref = parseContainer(name)
      const dir = `${containers}/${name}`
      if (!ref || (await readExit(dir))) return undefined
      const record = await readPid(dir)
      if (!record || record.pid === 0) return undefined
      const { pid, startTime } = record
      return { uid: ref.uid, container: ref.container, pid, startTime }
    }),
  )
  return found.filter((one) => one !== undefined)
}

/**
 * What descends from a container's first process is its own: in a sandbox nothing else can be, for orphans become children of
 * that one. Of a plain process its session is, too.
 */
export function containerUsage(
  roots: readonly ContainerRoot[],
  processes: readonly Process[],
): readonly ContainerUsage[] {
  const byPid = new Map(processes.map((one) => [one.pid, one]))
  const isFrom = (one: Process | undefined, pid: number): boolean =>
    one !== undefined &&
    (one.pid === pid || one.session === pid || isFrom(byPid.get(one.parent), pid))
  return roots.flatMap(({ uid, container, pid, startTime }) => {
    if (byPid.get(pid)?.startTime !== startTime) return []
    const its = processes.filter((one) => isFrom(one, pid))
    const sum = (of: (one: Process) => number) => its.reduce((total, one) => total + of(one), 0)
    return [{ uid, container, cpuMs: sum((one) => one.cpuMs), memory: sum((one) => one.memory) }]
  })
}
