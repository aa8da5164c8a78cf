import { stat } from 'node:fs/promises'
import { codeIs } from '../../code-is.ts'
import type { Engine } from './engine.ts'
import { dirLabel } from './identity.ts'
import { removeContainer } from './networks.ts'

interface Listed {
  readonly Id: string
  readonly Labels: Readonly<Record<string, string>> | null
}

/**
 * Data directories are removed by hand, too: nobody will ever ask for the containers of one that is gone. A container's own
 * directory was there before it, and goes after it; what we may not look at is somebody else's.
 */
export async function removeOrphans(engine: Engine): Promise<void> {
  const filters = JSON.stringify({ label: [dirLabel] })
  const query = { all: true, filters }
  const listed = (await engine.json<readonly Listed[]>({ path: '/containers/json', query })) ?? []
  for (const { Id, Labels } of listed) {
    const dir = Labels?.[dirLabel]
    if (dir !== undefined && (await isGone(dir))) await removeContainer(engine, Id)
  }
}

async function isGone(dir: string): Promise<boolean> {
  return stat(dir).then(
    () => false,
    (error: unknown) => codeIs(error, 'ENOENT'),
  )
}
