import { isObject, type JsonObject } from '@argosy/engine'
import { type Client, resources } from '@argosy/kube'
import { controllerSettings } from '../controller-settings.ts'
import type { Archive } from './archive.ts'
import { openPostgresArchive } from './postgres-archive.ts'
import { postgresUrl } from './postgres-url.ts'
import { SqliteArchive } from './sqlite-archive.ts'

export interface ArchiveChoice {
  readonly client: Client
  /** Where runs are kept when nothing else is said. */
  readonly file: string
  /** `postgres://user:password@host/database`; empty: as the controller's ConfigMap says. */
  readonly url: string
  readonly log: (line: string) => void
}

/** The archive of a server: a file, or a PostgreSQL by one setting of ours or by upstream's `persistence.postgresql`. */
export async function openArchive({ client, file, url, log }: ArchiveChoice): Promise<Archive> {
  const named = url || (await configuredUrl(client))
  return named === undefined ? new SqliteArchive(file) : openPostgresArchive(named, log)
}

async function configuredUrl(client: Client): Promise<string | undefined> {
  const settings = await controllerSettings(client, AbortSignal.timeout(10_000))
  const persistence = settings['persistence']
  if (!isObject(persistence)) return undefined
  if (persistence['mysql'] !== undefined) {
    throw new Error('persistence.mysql is not supported: use persistence.postgresql, or --archive')
  }
  const { postgresql } = persistence
  if (!isObject(postgresql)) return undefined
  return postgresUrl(postgresql, (selector) => secretText(client, selector))
}

interface Secret extends JsonObject {
  readonly metadata: JsonObject
  readonly data?: Readonly<Record<string, string>>
}

/** As upstream, secrets are looked for beside the ConfigMap. */
async function secretText(client: Client, { name, key }: JsonObject): Promise<string> {
  const ref = { resource: resources.secrets, namespace: 'argo', name: String(name) }
  const found = (await client.get(ref)) as Secret | undefined
  const value = found?.data?.[String(key)]
  if (value !== undefined) return Buffer.from(value, 'base64').toString()
  throw new Error(`persistence.postgresql: secret argo/${String(name)} has no key ${String(key)}`)
}
