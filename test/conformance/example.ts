import type { invariants } from './invariants.ts'
import type { Pace } from './stand-ins.ts'

/** What becomes of one document of upstream's examples. */
export type Fate = Runs | Refused | Needs | Taken | NotTaken

/** It runs to this end. */
export interface Runs {
  readonly kind: 'runs'
  /** The workflow's phase and message; ids of nodes are written as `#`. */
  readonly end: string
  /**
   * Every node that is no mere group, by its name without the workflow's: what it wrote if it succeeded,
   * otherwise `Phase: message | what it wrote`.
   */
  readonly steps?: Readonly<Record<string, string | RegExp>>
  /** Output parameters by node. */
  readonly outputs?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Output parameters of the whole workflow. */
  readonly globals?: Readonly<Record<string, string>>
  /** What holds however the coin falls. */
  readonly holds?: keyof typeof invariants
  /** Documents that must be there first. */
  readonly with?: readonly string[]
  readonly resume?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** How long to look on after the end, for what is collected then. */
  readonly lingerMs?: number
  /** Programs of the machine that no stand-in replaces. */
  readonly programs?: readonly string[]
  /** Why it does not run with `npm test` but with `npm run test:real`. */
  readonly slow?: string
  readonly pace?: Pace
  /** What only one of them may have at a time: a port, say. */
  readonly turn?: string
}

/** The engine says that it does not do this yet, and names the fields. */
export interface Refused {
  readonly kind: 'refused'
  readonly fields: readonly string[]
}

/** It asks for something that neither this machine nor a small program in its place can be. */
export interface Needs {
  readonly kind: 'needs'
  readonly what: string
}

/** No Workflow; understood, and used by the Workflows that name it. */
export interface Taken {
  readonly kind: 'taken'
}

/** `argosy run` says that it has no use for this kind. */
export interface NotTaken {
  readonly kind: 'not taken'
  readonly because: string
}

type Rest = Omit<Runs, 'kind' | 'end' | 'steps'>

/** Ends well. */
export const succeeds = (steps?: Runs['steps'], rest: Rest = {}): Runs => ({
  kind: 'runs',
  end: 'Succeeded',
  ...(steps && { steps }),
  ...rest,
})

/** Ends badly, as upstream's does. */
export const fails = (message: string, steps?: Runs['steps'], rest: Rest = {}): Runs => ({
  kind: 'runs',
  end: message === '' ? 'Failed' : `Failed: ${message}`,
  ...(steps && { steps }),
  ...rest,
})

/** Ends one way or the other: only the invariant is asserted. */
export const either = (holds: keyof typeof invariants, rest: Rest = {}): Runs => ({
  kind: 'runs',
  end: 'Succeeded or Failed',
  holds,
  ...rest,
})

export const refused = (...fields: readonly string[]): Refused => ({ kind: 'refused', fields })
export const needs = (what: string): Needs => ({ kind: 'needs', what })
export const taken: Taken = { kind: 'taken' }
export const notTaken = (because: string): NotTaken => ({ kind: 'not taken', because })
