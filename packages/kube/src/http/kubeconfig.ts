import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import {
  bearerOf,
  clusterAccess,
  type Entry,
  type Fields,
  fieldsOf,
  KubeconfigError,
  readFields,
  textOf,
  userAccess,
} from './access-of.ts'
import type { Access } from './connection.ts'
import { localSocket } from './local-socket.ts'
import { type Overrides, overridden } from './overrides.ts'

/** What a kubeconfig says about one context. */
export interface Context {
  readonly name: string
  readonly namespace: string
  readonly access: Access
}

export interface ContextChoice {
  /** Default: $KUBECONFIG, whose files are taken together, else ~/.kube/config. */
  readonly kubeconfig?: string
  /** Default: the file's current context. */
  readonly context?: string
  readonly overrides?: Overrides
  readonly env?: Readonly<Record<string, string | undefined>>
}

/**
 * Reads how to reach a Kubernetes: kubeconfig files as kubectl takes them, else, inside of a pod, its service account.
 * Throws `KubeconfigError`.
 */
export async function readContext(choice: ContextChoice = {}): Promise<Context> {
  const env = choice.env ?? process.env
  const files = filesOf(choice.kubeconfig, env)
  const found = files
    .map((file) => readConfig(file, files.length > 1))
    .filter((config) => config !== undefined)
  if (found.length === 0) return withoutFiles(choice, files, env)
  const merged = merge(found)
  const name = choice.context ?? merged.current
  if (name === undefined)
    throw new KubeconfigError('the kubeconfig has no current-context: name one with --context')
  const context = merged.contexts.get(name)?.fields
  if (!context) throw new KubeconfigError(missing('context', name, merged.contexts))
  return contextOf(merged, context, { name, overrides: choice.overrides ?? {} })
}

/** What was said may be enough; else it is the service account of a pod. */
async function withoutFiles(
  { kubeconfig, overrides }: ContextChoice,
  files: readonly string[],
  env: NonNullable<ContextChoice['env']>,
): Promise<Context> {
  if (overrides?.cluster?.['server'] !== undefined) {
    return contextOf(nothing, {}, { name: 'command line', overrides })
  }
  const inside = kubeconfig === undefined ? await inCluster(env) : undefined
  if (inside) return inside
  const are = files.length > 1 ? 'are' : 'is'
  throw new KubeconfigError(`no kubeconfig: ${files.join(', ')} ${are} not there`)
}

interface Config {
  readonly current: string | undefined
  readonly clusters: ReadonlyMap<string, Entry>
  readonly users: ReadonlyMap<string, Entry>
  readonly contexts: ReadonlyMap<string, Entry>
}

function filesOf(kubeconfig: string | undefined, env: NonNullable<ContextChoice['env']>) {
  if (kubeconfig !== undefined) return [kubeconfig]
  const listed = env['KUBECONFIG']?.split(delimiter).filter((path) => path !== '') ?? []
  return listed.length > 0 ? listed : [join(env['HOME'] ?? homedir(), '.kube/config')]
}

/** Undefined for a file that is not there. */
function readConfig(file: string, many: boolean): Config | undefined {
  const text = textIn(file)
  if (text === undefined) return undefined
  const config = readFields(file, text)
  if (!config && many) return undefined
  if (!config) throw new KubeconfigError(`kubeconfig ${file}: it is empty`)
  const folder = dirname(resolve(file))
  const named = (list: string, inner: string) => entriesOf(config[list], inner, { file, folder })
  return {
    current: textOf(config['current-context']),
    clusters: named('clusters', 'cluster'),
    users: named('users', 'user'),
    contexts: named('contexts', 'context'),
  }
}

/** At once: the threads that would read it beside us take longer to start. */
function textIn(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new KubeconfigError(`kubeconfig ${file}: ${message}`)
  }
}

function entriesOf(
  list: unknown,
  inner: string,
  { file, folder }: { readonly file: string; readonly folder: string },
): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>()
  if (list === undefined || list === null) return entries
  if (!Array.isArray(list))
    throw new KubeconfigError(`kubeconfig ${file}: ${inner}s must be a list`)
  for (const one of list) {
    const name = textOf(fieldsOf(one)?.['name'])
    const fields = fieldsOf(fieldsOf(one)?.[inner])
    if (name !== undefined && fields && !entries.has(name)) entries.set(name, { fields, folder })
  }
  return entries
}

const nothing: Config = {
  current: undefined,
  ...{ clusters: new Map(), users: new Map(), contexts: new Map() },
}

/** The first file that says something wins, as with kubectl. */
function merge(configs: readonly Config[]): Config {
  const all = (part: 'clusters' | 'users' | 'contexts') =>
    new Map(configs.toReversed().flatMap((config) => [...config[part]]))
  return {
    current: configs.find(({ current }) => current)?.current,
    ...{ clusters: all('clusters'), users: all('users'), contexts: all('contexts') },
  }
}

interface Named {
  readonly name: string
  readonly overrides: Overrides
}

async function contextOf(
  config: Config,
  context: Fields,
  { name, overrides }: Named,
): Promise<Context> {
  const clusterName = overrides.clusterName ?? textOf(context['cluster']) ?? ''
  const known = config.clusters.get(clusterName)
  if (!known && overrides.cluster?.['server'] === undefined)
    throw new KubeconfigError(missing('cluster', clusterName, config.clusters))
  const userName = overrides.userName ?? textOf(context['user'])
  const knownUser = userName === undefined ? undefined : config.users.get(userName)
  if (userName && !knownUser) throw new KubeconfigError(missing('user', userName, config.users))
  const cluster = overridden(known, overrides.cluster)
  const user = overridden(knownUser, overrides.user)
  const who = await userAccess(user)
  // By a certificate one is known over TLS alone.
  const socket = who.cert === undefined ? localSocket(cluster.fields) : undefined
  const access = { ...(await clusterAccess(cluster)), ...who, ...(socket && { socket }) }
  return { name, namespace: textOf(context['namespace']) ?? 'default', access }
}

function missing(what: string, name: string, known: ReadonlyMap<string, unknown>): string {
  return `the kubeconfig has no ${what} "${name}"; it has ${[...known.keys()].join(', ') || 'none'}`
}

const accountDir = '/var/run/secrets/kubernetes.io/serviceaccount'

async function inCluster(env: NonNullable<ContextChoice['env']>): Promise<Context | undefined> {
  const [host, port] = [env['KUBERNETES_SERVICE_HOST'], env['KUBERNETES_SERVICE_PORT']]
  if (!host || !port) return undefined
  const [ca, namespace] = await Promise.all(
    ['ca.crt', 'namespace'].map((name) =>
      readFile(`${accountDir}/${name}`, 'utf8').catch(() => undefined),
    ),
  )
  if (ca === undefined) return undefined
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`
  const authorization = bearerOf(`${accountDir}/token`)
  return {
    ...{ name: 'in-cluster', namespace: namespace?.trim() ?? 'default' },
    access: { server, ca, authorization },
  }
}
