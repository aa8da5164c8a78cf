import { createSign } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '@argosy/engine'
import { isObject } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import { answered, form, type Granted, renewed, type Token } from './access-token.ts'
import type { Sending } from './send.ts'

/** What Google's programs call application default credentials: where they are looked for, and what time it is. */
export interface GoogleWorld {
  readonly env: Readonly<Record<string, string | undefined>>
  now(): number
}

const scope = 'https://www.googleapis.com/auth/devstorage.read_write'

/** Access tokens by a service account's key (JSON); renewed before they run out. */
export function keyToken(key: string, world: GoogleWorld): Token {
  const account = parsed(key, 'gcs.serviceAccountKeySecret')
  // argo: CredentialsFromJSONWithType accepts no other kind here.
  if (account['type'] !== 'service_account') {
    const words = 'gcs.serviceAccountKeySecret: the key is not one of a service account'
    throw new StatusError('Invalid', words)
  }
  return renewed(world, (signal) => askWithJwt(account, world, signal))
}

/** The tokens of whoever this machine is to Google: the file that the environment names, gcloud's, the metadata server. */
export function defaultToken(world: GoogleWorld): Token {
  return renewed(world, async (signal) => {
    const file = await credentialsFile(world.env)
    if (!file) return askMetadata(world.env, signal)
    const { path, text } = file
    const account = parsed(text, path)
    const type = String(account['type'])
    if (type === 'service_account') return askWithJwt(account, world, signal)
    if (type === 'authorized_user') return askWithRefreshToken(account, signal)
    const words = `${path}: credentials of the type ${type} are not supported (service_account and authorized_user are)`
    throw new StatusError('BadRequest', words)
  })
}

async function askWithJwt(account: JsonObject, world: GoogleWorld, signal?: AbortSignal) {
  const url = textIn(account, 'token_uri') ?? 'https://oauth2.googleapis.com/token'
  const now = Math.floor(world.now() / 1000)
  const [email, key] = [textIn(account, 'client_email'), textIn(account, 'private_key')]
  if (email === undefined || key === undefined) {
    throw new StatusError('Invalid', 'a service account key needs client_email and private_key')
  }
  const kid = textIn(account, 'private_key_id')
  const head = { alg: 'RS256', typ: 'JWT', ...(kid !== undefined && { kid }) }
  const claims = { iss: email, scope, aud: url, iat: now, exp: now + 3600 }
  const signed = [head, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const signature = createSign('RSA-SHA256').update(signed).sign(key, 'base64url')
  const grant = {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: `${signed}.${signature}`,
  }
  return granted(form(url, grant, signal))
}

function askWithRefreshToken(account: JsonObject, signal?: AbortSignal): Promise<Granted> {
  const fields = ['client_id', 'client_secret', 'refresh_token'] as const
  const known = fields.map((field) => [field, textIn(account, field) ?? ''])
  const grant = { grant_type: 'refresh_token', ...Object.fromEntries(known) }
  return granted(form('https://oauth2.googleapis.com/token', grant, signal))
}

function askMetadata(env: GoogleWorld['env'], signal?: AbortSignal): Promise<Granted> {
  const host = env['GCE_METADATA_HOST'] ?? 'metadata.google.internal'
  const url = `http://${host}/computeMetadata/v1/instance/service-accounts/default/token`
  const headers = [['Metadata-Flavor', 'Google']] as const
  return granted({ method: 'GET', url, headers, signal }).catch((cause: Error) => {
    const words =
      'no credentials for Google: name gcs.serviceAccountKeySecret, or set GOOGLE_APPLICATION_CREDENTIALS ' +
      `(the metadata server was asked: ${cause.message})`
    throw new StatusError('BadRequest', words, { cause })
  })
}

async function granted(sending: Sending): Promise<Granted> {
  const { access_token: token, expires_in: seconds } = await answered('gcs', sending)
  if (typeof token === 'string' && typeof seconds === 'number') return { token, seconds }
  throw new StatusError('BadRequest', `gcs: ${sending.url} answered without a token`)
}

async function credentialsFile(env: GoogleWorld['env']) {
  const named = env['GOOGLE_APPLICATION_CREDENTIALS']
  if (named) return { path: named, text: await readFile(named, 'utf8') }
  const folder = env['CLOUDSDK_CONFIG'] ?? join(env['HOME'] ?? homedir(), '.config/gcloud')
  const path = join(folder, 'application_default_credentials.json')
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : { path, text }
}

function parsed(text: string, where: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value as JsonObject)) return value as JsonObject
  } catch {
    // Said below.
  }
  throw new StatusError('Invalid', `${where} is not a JSON object`)
}

function textIn(account: JsonObject, field: string): string | undefined {
  const value = account[field]
  return typeof value === 'string' && value !== '' ? value : undefined
}
