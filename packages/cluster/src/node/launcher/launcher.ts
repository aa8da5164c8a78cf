import type { ContainerSpec, ExecSpec, Executing, Exit } from '../runtime.ts'

/**
 * The port to the helper process that starts containers, so that the engine never forks. Its promises: files first
 * (see launcher.c, invariants 1 to 3), and an answer for every request: a helper that dies is started again, and takes
 * over what still runs.
 */
export interface Launcher {
  readonly name: 'native' | 'bwrap' | 'unshare' | 'node'
  /** Which of `memory`, `cpu` and `pids` limits it can enforce on this machine. */
  readonly limits: readonly string[]
  /** True when it works in a user namespace: without the rights of the machine's root. */
  readonly rootless: boolean
  /** Starts; a container that cannot be started is a value: pid 0 and an exit with `startError`. */
  start(spec: ContainerSpec, view: string): Promise<Started>
  /** Looks after a process (anyone's child) that an earlier helper started. */
  watch(pid: number, startTime: string): Watched
  remove(dir: string): Promise<void>
  /** Does this directory of an upper layer hide everything below it? */
  isOpaque(path: string): Promise<boolean>
  /** As `Runtime.exec`. */
  exec(dir: string, spec: ExecSpec): Promise<Executing>
  /** Lets go of the helper; containers run on. */
  close(): Promise<void>
}

export interface Started {
  readonly pid: number
  readonly startedAt: number
  readonly exited: Promise<Exit>
  /** Does nothing when it has ended. */
  kill(signal: NodeJS.Signals): void
}

export interface Watched {
  /** Resolves when the process is gone, at once when it is not there. */
  readonly gone: Promise<void>
  kill(signal: NodeJS.Signals): void
}

/** What a container that never ran looks like, in containerd's manner. */
export function notStarted(startError: string, finishedAt: number, shortage = false): Started {
  const exit: Exit = { code: 128, finishedAt, startError, ...(shortage && { shortage }) }
  return { pid: 0, startedAt: finishedAt, exited: Promise.resolve(exit), kill() {} }
}
