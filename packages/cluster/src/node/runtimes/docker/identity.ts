import { createHash } from 'node:crypto'
import { basename, dirname, join } from 'node:path'

/** Says of a container which directory of which data directory it belongs to. */
export const dirLabel = 'dev.argosy.dir'

/**
 * The name of a directory's container. It follows from the directory alone: after a crash the container is found by it,
 * and a second one cannot be made. What a container wrote lies in a directory of the same name (layout.ts).
 */
export function containerName(dir: string): string {
  const own = containerDir(dir)
  const hash = createHash('sha256').update(own).digest('hex').slice(0, 12)
  return `argosy-${hash}-${basename(own).replace(/[^a-zA-Z0-9_.-]/g, '_')}`
}

function containerDir(dir: string): string {
  const parent = dirname(dir)
  return basename(parent) === 'scratch' ? join(dirname(parent), 'containers', basename(dir)) : dir
}
