import type { ContainerSpec, Exit } from '../runtime.ts'

/**
 * The port to the helper process that starts containers, so that the engine never forks. Its promises: files first
 * (see launcher.c, invariants 1 to 3), and an answer for every request, also when the helper dies.
 */
export interface Launcher {
  readonly name: 'native' | 'bwrap' | 'unshare' | 'node'
  /** Which of `memory`, `cpu` and `pids` limits it can enforce on this machine. */
  readonly limits: readonly string[]
  /** True when it works in a user namespace: without the rights of the machine's root. */
  readonly rootless: boolean
  /** Starts; a container that cannot be started is a value: pid 0 and an exit with `startError`. */
  start(spec: ContainerSpec, view: string): Promise<Started>
  /** Resolves when a process (anyone's child) is gone, at once when it is not there. */
  gone(pid: number, startTime: string): Promise<void>
  kill(pid: number, signal: NodeJS.Signals): void
  remove(dir: string): Promise<void>
  /** Does this directory of an upper layer hide everything below it? */
  isOpaque(path: string): Promise<boolean>
  /** Lets go of the helper; containers run on. */
  close(): Promise<void>
}

export interface Started {
  readonly pid: number
  readonly startedAt: number
  readonly exited: Promise<Exit>
}

/** What a container that never ran looks like, in containerd's manner. */
export function notStarted(startError: string, finishedAt: number): Started {
  const exit: Exit = { code: 128, finishedAt, startError }
  return { pid: 0, startedAt: finishedAt, exited: Promise.resolve(exit) }
}
