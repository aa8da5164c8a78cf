import type { Draft } from '@argosy/kube'
import type { Key, ObjectVersion } from './object-version.ts'

/** One object's place in memory. */
export interface Slot {
  readonly key: Key
  committed?: ObjectVersion | undefined
  /** What the next write is decided against; ahead of `committed` until the commit. */
  newest?: ObjectVersion | undefined
  draft?: Draft | undefined
  snapshotBytes: number
  /** Of the patches on disk since the snapshot. */
  deltaBytes: number
  /** Of the patches in memory since a value was built. */
  chainBytes: number
}
