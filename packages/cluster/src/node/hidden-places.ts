import { mkdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Mount } from './runtime.ts'

/**
 * What hides the data directory from containers that see this machine's files: an empty directory mounted over it. In it
 * are the administrator's token, the key that signs everybody's, and all Secrets; who could read them needed no rights.
 * `hides` are other places of that kind: a node's kubeconfig, the data directory of its server.
 */
export async function hiddenPlaces({
  dataDir,
  hides = [],
}: {
  readonly dataDir: string
  readonly hides?: readonly string[]
}): Promise<readonly Mount[]> {
  const empty = join(dataDir, 'hidden')
  await mkdir(empty, { recursive: true, mode: 0o755 })
  const mounts = await Promise.all([dataDir, ...hides].map((place) => hidden(place, empty)))
  return mounts.filter((mount) => mount !== undefined)
}

/** Nothing for a place that is not there. */
async function hidden(place: string, empty: string): Promise<Mount | undefined> {
  const target = await realpath(place).catch(() => undefined)
  // Of /tmp every container has its own.
  if (target === undefined || target.startsWith('/tmp/')) return undefined
  const isFolder = (await stat(target)).isDirectory()
  return { source: isFolder ? empty : '/dev/null', target, readOnly: true }
}
