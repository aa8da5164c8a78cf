import type { Nature } from './nature.ts'

/** What the checker knows about the environment. */
export interface Environment {
  /** What is known about a name, undefined when there is none. */
  nature(name: string): Nature | undefined
  /** Names that do not exist read as nil instead of being an error. */
  readonly allowUndefined: boolean
}

/** Where in the tree the checker is. */
export interface Checking {
  readonly environment: Environment
  readonly variables: readonly (readonly [string, Nature])[]
  /** The collections that surrounding predicates walk through, and the names of their pointers. */
  readonly collections: readonly Collection[]
}

export interface Collection {
  readonly nature: Nature
  readonly pointers: Readonly<Record<string, Nature>>
}
