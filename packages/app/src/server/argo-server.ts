import { stat } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { Identity } from '@argosy/cluster/api-server'
import type { KubeObject } from '@argosy/engine'
import { allDrivers } from '@argosy/executor'
import { type Client, resources } from '@argosy/kube'
import {
  type ArgoServer,
  type ArgoServerOptions,
  type AuthMode,
  instanceArchive,
  openArchive,
  Sso,
  type SsoOptions,
  startArchiver,
  startArgoServer,
} from '@argosy/server'
import type { ArgoApiFlags } from '../commands/argo-api-flags.ts'
import type { Embedded } from '../embedded.ts'
import { InputError } from '../run/prepare.ts'

/** What the command line says of Argo's API. */
export interface ArgoServerChoices extends Omit<ArgoApiFlags, 'authMode' | 'secure'> {
  readonly host: string
  /** Empty: as docs/decisions/0013-argo-server.md says. */
  readonly authModes: readonly AuthMode[]
  /** Undefined: TLS, except on the loopback. */
  readonly secure: boolean | undefined
  /** The url of a PostgreSQL; default: a file, or what the controller's ConfigMap says. */
  readonly archive?: string
}

type Doors = Pick<
  ArgoServerOptions,
  'authenticate' | 'authorize' | 'version' | 'log' | 'logs' | 'observe'
> & {
  readonly instance: string
  readonly tls: { readonly key: string; readonly cert: string }
}

/** Where the server's ConfigMap and secrets are. */
const namespace = 'argo'

const administrator: Identity = { user: 'admin', groups: ['system:masters'] }

/** Argo Server's REST API for an embedded cluster. On the loopback it speaks plain HTTP. */
export async function serveArgo(
  { client, clock, dataDir, artifactsDir }: Embedded,
  choices: ArgoServerChoices,
  { tls, ...doors }: Doors,
): Promise<ArgoServer> {
  const { host, httpPort, baseHref, authModes, hsts } = choices
  const local = isLoopback(host)
  const modes: readonly AuthMode[] =
    authModes.length > 0 ? authModes : [local ? 'server' : 'client']
  const secure = choices.secure ?? !local
  const uiDirectory = await builtUi()
  if (!uiDirectory) doors.log('the pages are not built: npm run build -w packages/ui makes them')
  const open = new AsyncDisposableStack()
  try {
    const file = join(dataDir, 'archive.db')
    const place = { client, file, url: choices.archive ?? '', log: doors.log }
    const { instance } = doors
    const archive = instanceArchive(
      open.use(await reached(openArchive(place), choices.archive)),
      instance,
    )
    open.use(await startArchiver({ client, clock, archive, instance, log: doors.log }))
    const server = open.use(
      await startArgoServer({
        ...{ client, clock, host, baseHref, archive },
        ...doors,
        ...limits(choices, doors.log),
        port: httpPort,
        modes,
        hsts,
        openMetrics: process.env['ARGO_SERVER_METRICS_AUTH'] === 'false',
        ...(modes.includes('sso') && { sso: singleSignOn({ client, clock, log: doors.log }) }),
        ownIdentity: administrator,
        drivers: allDrivers({ root: artifactsDir, client }),
        ...(secure && { tls: (await ownCertificate(client, choices)) ?? tls }),
        ...(uiDirectory && { uiDirectory }),
      }),
    )
    return { url: server.url, [Symbol.asyncDispose]: () => open.disposeAsync() }
  } catch (error) {
    await open.disposeAsync()
    throw error
  }
}

/** Who asked for a database that does not answer is told which. The url has a password in it. */
async function reached<T>(work: Promise<T>, url: string | undefined): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (url === undefined || !(error instanceof Error)) throw error
    const { host, pathname } = new URL(url)
    throw new Error(`--archive: the database ${host}${pathname}: ${error.message}`, {
      cause: error,
    })
  }
}

/** What of upstream's flags bounds who may ask, and for what. */
function limits(
  choices: ArgoServerChoices,
  log: (line: string) => void,
): Partial<ArgoServerOptions> {
  const { accessControlAllowOrigin: allowOrigin, apiRateLimit: rateLimit } = choices
  const { namespaced = false, managedNamespace, allowedLinkProtocol: linkProtocols } = choices
  // argo: only a warning.
  if (!namespaced && managedNamespace) log('--managed-namespace needs --namespaced: it is ignored')
  return {
    frameOptions: choices.xFrameOptions,
    ...(allowOrigin !== undefined && { allowOrigin }),
    ...(rateLimit > 0 && { rateLimit }),
    ...(namespaced && { managedNamespace: managedNamespace ?? namespace }),
    ...(linkProtocols.length > 0 && { linkProtocols }),
  }
}

function singleSignOn(options: Pick<SsoOptions, 'client' | 'clock' | 'log'>): Sso {
  const delegates = process.env['SSO_DELEGATE_RBAC_TO_NAMESPACE'] === 'true'
  return new Sso({ ...options, namespace, delegates })
}

interface TlsSecret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

/** The certificate of a secret, where one is named; a server that cannot have it does not start. */
async function ownCertificate(
  client: Client,
  { tlsCertificateSecretName: name }: ArgoServerChoices,
): Promise<Doors['tls'] | undefined> {
  if (name === undefined) return undefined
  const secret = await client.get<TlsSecret>({ resource: resources.secrets, namespace, name })
  const part = (key: string) => Buffer.from(secret?.data?.[key] ?? '', 'base64').toString('utf8')
  const [key, cert] = [part('tls.key'), part('tls.crt')]
  if (key !== '' && cert !== '') return { key, cert }
  const what = secret ? 'has no tls.crt and tls.key' : 'does not exist'
  throw new InputError([`--tls-certificate-secret-name: secret ${namespace}/${name} ${what}`])
}

function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.')
  return host === '::1' || host === 'localhost'
}

/** Where the pages are: beside the bundle, or in their own package. */
export async function builtUi(): Promise<string | undefined> {
  for (const place of ['ui', '../../../ui/dist']) {
    const directory = join(import.meta.dirname, place)
    if (await stat(join(directory, 'index.html')).catch(() => undefined)) return directory
  }
  return undefined
}
