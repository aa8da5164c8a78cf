import type { Readable } from 'node:stream'
import type { Artifact } from '@argosy/engine'

/**
 * The port to a place where artifacts are kept. `artifact` says where (its location, with a key) and how (`archive`).
 *
 * Promises (driver.contract.ts holds every implementation to them):
 * 1. What was saved comes back equal: one file as a file, a directory as a directory, modes and links inside it kept.
 * 2. A save is all or nothing; a reader sees the old artifact or the new one, never half of either.
 * 3. Nothing that happens later to the source of a save, or to what a load made, changes what is kept.
 * 4. Whatever is kept is a stranger's work: no load writes, reads or links outside of its target.
 * 5. An absent artifact is a `StatusError` with the reason `NotFound`.
 */
export interface Driver {
  /** Makes `target`, which must not exist while its parent does: a file or a directory. */
  load(artifact: Artifact, target: string, signal?: AbortSignal): Promise<void>
  /**
   * As `load`, but the files may be the kept ones themselves: whoever takes them must never write to them, nor change
   * their modes. False, and nothing made, when `load` is as good. Directories are always new.
   */
  lend?(artifact: Artifact, target: string): Promise<boolean>
  save(source: Source, artifact: Artifact, signal?: AbortSignal): Promise<void>
  /** The bytes as an object store would hold them: a default archive is a gzipped tar. */
  open(artifact: Artifact, signal?: AbortSignal): Promise<Readable>
  /** Forgets the artifact; does nothing when it is absent. */
  remove(artifact: Artifact, signal?: AbortSignal): Promise<void>
  /** The keys below the artifact's own; empty for one object, `NotFound` when there is neither. */
  list(artifact: Artifact, signal?: AbortSignal): Promise<readonly string[]>
  /** Whether there are keys below the artifact's own. */
  isDirectory(artifact: Artifact, signal?: AbortSignal): Promise<boolean>
}

export interface Source {
  readonly path: string
  /** The name that the archive's one entry gets; default: the base name of `path`. */
  readonly name?: string
  /** Nobody writes to these files any more, so that a hard link is as good as a copy. */
  readonly settled: boolean
}
