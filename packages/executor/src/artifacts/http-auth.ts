import type { LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { isObject, type JsonObject } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import { type Secrets, secretText } from './secrets.ts'
import { complaint, isGood, type Sending, send } from './send.ts'
import { objectOf } from './settings.ts'

export type Identified = Pick<Sending, 'headers' | 'identity'>

/** What drivers over HTTP need of the world. */
export interface Reach {
  readonly secrets: Secrets
  readonly lookup?: LookupFunction
}

type Header = readonly [string, string]

/** Who asks, as `http.auth` of an artifact says it. */
export async function httpAuth(
  auth: JsonObject,
  reach: Reach,
  signal: AbortSignal | undefined,
): Promise<Identified> {
  const read = (part: string, field: string) =>
    secretText(reach.secrets, objectOf(auth[part])[field], `http.auth.${part}.${field}`)
  const username = await read('basicAuth', 'usernameSecret')
  const password = await read('basicAuth', 'passwordSecret')
  const cert = await read('clientCert', 'clientCertSecret')
  const key = await read('clientCert', 'clientKeySecret')
  both('basicAuth', 'usernameSecret and passwordSecret', username, password)
  both('clientCert', 'clientCertSecret and clientKeySecret', cert, key)
  const headers: Header[] = []
  if (isObject(auth['oauth2'])) {
    const ask = { read: (field: string) => read('oauth2', field), lookup: reach.lookup, signal }
    headers.push(await oauthHeader(auth['oauth2'], ask))
  } else if (username && password) headers.push(basicHeader(username, password))
  return { headers, ...(cert && key && { identity: { cert, key } }) }
}

export function basicHeader(username: string, password: string): Header {
  return ['Authorization', `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`]
}

function both(part: string, fields: string, one: unknown, other: unknown): void {
  if ((one === undefined) === (other === undefined)) return
  throw new StatusError('Invalid', `http.auth.${part}: ${fields} go together`)
}

interface Asking {
  readonly lookup: LookupFunction | undefined
  readonly signal: AbortSignal | undefined
}

interface AskingClient extends Asking {
  read(field: string): Promise<string | undefined>
}

async function oauthHeader(oauth: JsonObject, ask: AskingClient): Promise<Header> {
  const { read } = ask
  const [id, secret, url] = [
    await read('clientIDSecret'),
    await read('clientSecretSecret'),
    await read('tokenURLSecret'),
  ]
  if (id === undefined || secret === undefined || url === undefined) {
    const needed = 'clientIDSecret, clientSecretSecret and tokenURLSecret go together'
    throw new StatusError('Invalid', `http.auth.oauth2: ${needed}`)
  }
  const form = new URLSearchParams({ grant_type: 'client_credentials' })
  const scopes = Array.isArray(oauth['scopes']) ? oauth['scopes'].map(String) : []
  if (scopes.length > 0) form.set('scope', scopes.join(' '))
  const more = Array.isArray(oauth['endpointParams']) ? oauth['endpointParams'] : []
  for (const { key, value } of more.filter(isObject)) form.append(String(key), String(value ?? ''))
  // Go: the header first, the form for servers that know only that.
  const named = basicHeader(encodeURIComponent(id), encodeURIComponent(secret))
  const token =
    (await askToken(url.trim(), { form, headers: [named] }, ask)) ??
    (await askToken(url.trim(), { form: withClient(form, id, secret), headers: [] }, ask))
  if (token !== undefined) return ['Authorization', token]
  throw new StatusError('BadRequest', `http.auth.oauth2: ${url.trim()} gave no token`)
}

function withClient(form: URLSearchParams, id: string, secret: string): URLSearchParams {
  return new URLSearchParams([...form, ['client_id', id], ['client_secret', secret]])
}

/** Undefined when the server does not know who asks. */
async function askToken(url: string, said: Said, ask: Asking): Promise<string | undefined> {
  const { accessToken, kind } = (await postForm(url, said, ask)) ?? {}
  return accessToken === undefined ? undefined : `${kind ?? 'Bearer'} ${accessToken}`
}

interface Said {
  readonly form: URLSearchParams
  readonly headers: readonly Header[]
}

/** A token of an OAuth 2 server; undefined when it answers 400, 401 or 403. */
async function postForm(
  url: string,
  { form, headers }: Said,
  { lookup, signal }: Asking,
): Promise<{ accessToken?: string; kind?: string; expiresIn?: number } | undefined> {
  const body = Buffer.from(form.toString())
  const answer = await send({
    method: 'POST',
    url,
    headers: [...headers, ['Content-Type', 'application/x-www-form-urlencoded']],
    content: { open: async () => Readable.from([body]), size: body.length },
    ...(lookup && { lookup }),
    signal,
  })
  if (isGood(answer)) return tokenIn(JSON.parse(await text(answer)))
  if ([400, 401, 403].includes(answer.statusCode ?? 0)) {
    answer.resume()
    return undefined
  }
  throw new StatusError('BadRequest', `POST ${url}: ${await complaint(answer)}`)
}

function tokenIn(answer: JsonObject) {
  const { access_token: token, token_type: kind, expires_in: seconds } = answer
  return {
    ...(typeof token === 'string' && { accessToken: token }),
    ...(typeof kind === 'string' && { kind: kind === 'bearer' ? 'Bearer' : kind }),
    ...(typeof seconds === 'number' && { expiresIn: seconds }),
  }
}
