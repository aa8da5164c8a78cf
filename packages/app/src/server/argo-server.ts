import { stat } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { layoutOf, nodeLogs } from '@argosy/cluster'
import type { Identity } from '@argosy/cluster/api-server'
import { allDrivers } from '@argosy/executor'
import {
  type ArgoServer,
  type ArgoServerOptions,
  type AuthMode,
  SqliteArchive,
  startArchiver,
  startArgoServer,
} from '@argosy/server'
import type { Embedded } from '../embedded.ts'

export interface ArgoServerChoices {
  readonly host: string
  readonly httpPort: number
  readonly baseHref: string
  /** Empty: as docs/decisions/0013-argo-server.md says. */
  readonly authModes: readonly AuthMode[]
}

type Doors = Pick<ArgoServerOptions, 'authenticate' | 'authorize' | 'version' | 'log'> & {
  readonly tls: { readonly key: string; readonly cert: string }
}

const administrator: Identity = { user: 'admin', groups: ['system:masters'] }

/** Argo Server's REST API for an embedded cluster. On the loopback it speaks plain HTTP. */
export async function serveArgo(
  { client, clock, dataDir }: Embedded,
  { host, httpPort, baseHref, authModes }: ArgoServerChoices,
  { tls, ...doors }: Doors,
): Promise<ArgoServer> {
  const local = isLoopback(host)
  const uiDirectory = await builtUi()
  if (!uiDirectory) doors.log('the pages are not built: npm run build -w packages/ui makes them')
  const open = new AsyncDisposableStack()
  try {
    const archive = open.use(new SqliteArchive(join(dataDir, 'archive.db')))
    open.use(await startArchiver({ client, clock, archive, log: doors.log }))
    const server = open.use(
      await startArgoServer({
        ...{ client, clock, host, baseHref, archive },
        ...doors,
        port: httpPort,
        modes: authModes.length > 0 ? authModes : [local ? 'server' : 'client'],
        ownIdentity: administrator,
        logs: nodeLogs({ client, clock, dataDir }),
        drivers: allDrivers({ root: layoutOf(dataDir).artifacts, client }),
        ...(!local && { tls }),
        ...(uiDirectory && { uiDirectory }),
      }),
    )
    return { url: server.url, [Symbol.asyncDispose]: () => open.disposeAsync() }
  } catch (error) {
    await open.disposeAsync()
    throw error
  }
}

function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.')
  return host === '::1' || host === 'localhost'
}

/** Beside the bundle, or in its own package. */
async function builtUi(): Promise<string | undefined> {
  for (const place of ['ui', '../../../ui/dist']) {
    const directory = join(import.meta.dirname, place)
    if (await stat(join(directory, 'index.html')).catch(() => undefined)) return directory
  }
  return undefined
}
