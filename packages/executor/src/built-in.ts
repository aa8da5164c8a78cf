import type { LookupFunction } from 'node:net'
import type { Pod, StepPlan } from '@argosy/engine'
import type { Client, Clock } from '@argosy/kube'
import type { Drivers } from './artifacts/drivers.ts'

/**
 * A program of our own that plays a container inside the node's process. It ends with an exit code; what it throws is
 * written to its log and to its termination message, and ends it with 64 as upstream's executor ends.
 *
 * It may be cut off at any point and run again (`again`): whatever it did before is there already.
 */
export type BuiltIn = (call: BuiltInCall) => Promise<number>

/** By name: the first argument of a container with the image `argosy`. */
export type BuiltIns = Readonly<Record<string, BuiltIn>>

/** The image that means: one of our own programs. */
export const builtInImage = 'argosy'

/** What a built-in program is given. */
export interface BuiltInCall {
  readonly pod: Pod
  /** Behind the program's name. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly plan: StepPlan | undefined
  /** Speaks with the rights of the pod. */
  readonly client: Client
  readonly clock: Clock
  readonly drivers: Drivers
  /** Where hosts are, as the pod's programs find them; default: where the machine does. */
  readonly lookup?: LookupFunction
  readonly startedAt: number
  /** An earlier run was cut off. */
  readonly again: boolean
  /** Aborts when the container has to end, and when the node goes away. */
  readonly signal: AbortSignal
  /** Standard output. */
  print(text: string): void
  /** One line on standard error. */
  log(line: string): void
  /** A file as the container sees it: mounts first, then its own. Undefined when it is not there. */
  read(path: string): Promise<string | undefined>
  write(path: string, text: string): Promise<void>
  /** What `remember` was last given, also in an earlier run. */
  recall(): Promise<string | undefined>
  /** Durable when it resolves. */
  remember(text: string): Promise<void>
}
