import { mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Mount } from './runtime.ts'

/**
 * What hides the data directory from containers that see this machine's files: an empty directory mounted over it. In it
 * are the administrator's token, the key that signs everybody's, and all Secrets; who could read them needed no rights.
 */
export async function hiddenDataDir(dataDir: string): Promise<readonly Mount[]> {
  const source = join(dataDir, 'hidden')
  await mkdir(source, { recursive: true, mode: 0o755 })
  const target = await realpath(dataDir)
  // Of /tmp every container has its own.
  return target.startsWith('/tmp/') ? [] : [{ source, target, readOnly: true }]
}
