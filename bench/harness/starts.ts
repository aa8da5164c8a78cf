import type { Sample } from './samples.ts'
import { inProcess } from './workflows.ts'

/** Containers to start straight from the runtime: no pods, no store. */
export interface StartsOrder {
  readonly dir: string
  readonly runtime: 'process' | 'sandbox'
  readonly count: number
  /** How many are under way at once. */
  readonly flight: number
}

/** Starts containers in a process of their own; resolves to what each took. */
export function runStarts(order: StartsOrder): Promise<Sample> {
  return inProcess('starts.program.ts', order)
}
