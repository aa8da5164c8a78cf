import type { Json } from '../spec/json.ts'

/** The items of a loop, made only when asked for. */
export interface Items {
  readonly length: number
  at(index: number): Json | undefined
}
