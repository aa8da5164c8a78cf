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
 * A sandbox is a namespace of processes, a plain process a session. `own`: the namespace of this program, which is nobody's
 * sandbox.
 */
export function containerUsage(
  roots: readonly ContainerRoot[],
  processes: readonly Process[],
  own: string,
): readonly ContainerUsage[] {
  const byPid = new Map(processes.map((one) => [one.pid, one]))
  return roots.flatMap(({ uid, container, pid, startTime }) => {
    const root = byPid.get(pid)
    if (root?.startTime !== startTime) return []
    const its = processes.filter((one) =>
      root.namespace === own ? one.session === pid : one.namespace === root.namespace,
    )
    const sum = (of: (one: Process) => number) => its.reduce((total, one) => total + of(one), 0)
    return [{ uid, container, cpuMs: sum((one) => one.cpuMs), memory: sum((one) => one.memory) }]
  })
}
