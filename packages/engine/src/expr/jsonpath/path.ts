import type { Script } from './script.ts'

/** One step of a JSONPath. */
export type PathStep =
  | { readonly kind: 'root' | 'current' | 'wildcard' | 'recursive' | 'length' }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'index'; readonly index: number }
  | Range
  | { readonly kind: 'union'; readonly parts: readonly (string | number | Script)[] }
  | { readonly kind: 'filter' | 'script'; readonly script: Script }

export interface Range {
  readonly kind: 'range'
  readonly from: Bound
  readonly to: Bound
  readonly step: Bound
}

export type Bound = number | Script | undefined

/** A mistake in a path, or where it leads to; thrown inside this room only. */
export class PathMistake extends Error {}
