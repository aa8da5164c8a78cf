import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Engine } from './engine.ts'
import { dirLabel } from './identity.ts'
import { removeContainer } from './networks.ts'

interface Listed {
  readonly Id: string
  readonly Labels: Readonly<Record<string, string>> | null
}

/** Data directories are removed by hand, too: nobody will ever ask for the containers of one that is gone. */
export async function removeOrphans(engine: Engine): Promise<void> {
  const filters = JSON.stringify({ label: [dirLabel] })
  const query = { all: true, filters }
  const listed = (await engine.json<readonly Listed[]>({ path: '/containers/json', query })) ?? []
  for (const { Id, Labels } of listed) {
    const dir = Labels?.[dirLabel]
    if (dir !== undefined && !existsSync(dirname(dirname(dir)))) await removeContainer(engine, Id)
  }
}
