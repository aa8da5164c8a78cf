import { createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { StatusError } from '@argosy/kube'
import type { Token } from './access-token.ts'
import { blocksOf } from './blocks.ts'
import type { ObjectStore } from './object-store.ts'
import { complaint, isGood, type Sending, send } from './send.ts'

/** A container, and who asks: an account with its key, a token that says what may be done, or one that says who asks. */
export type AzurePlace = { readonly url: string; readonly lookup?: LookupFunction } & (
  | { readonly account: string; readonly key: string }
  | { readonly token: string }
  | { readonly bearer: Token }
)

const version = '2021-12-02'
/** A blob has at most 50,000 blocks: 390 GiB. */
const blockSize = 8 * 1024 * 1024

/** One container of Azure Blob Storage. */
export function azureStore(place: AzurePlace): ObjectStore {
  const ask = async (call: Call) => {
    const { headers = [], ...unled } = sendingOf(place, call)
    const sending = { ...unled, ...(place.lookup && { lookup: place.lookup }) }
    if (!('bearer' in place)) return send({ ...sending, headers })
    const authorization = `Bearer ${await place.bearer(call.signal)}`
    return send({ ...sending, headers: [...headers, ['Authorization', authorization]] })
  }
  return {
    async get(key, signal) {
      const answer = await ask({ method: 'GET', key, signal })
      if (answer.statusCode === 404) return absent(answer)
      return good(answer, `GET ${key}`)
    },
    async put(key, content, signal) {
      const ids: string[] = []
      for await (const block of blocksOf(content, blockSize)) {
        const blockid = Buffer.from(String(ids.length).padStart(8, '0')).toString('base64')
        const query = { comp: 'block', blockid }
        const answer = await ask({ method: 'PUT', key, query, body: block, signal })
        ;(await good(answer, `PUT ${key}`)).resume()
        ids.push(blockid)
      }
      const list = ids.map((id) => `<Latest>${id}</Latest>`).join('')
      const body = Buffer.from(`<?xml version="1.0"?><BlockList>${list}</BlockList>`)
      const answer = await ask({ method: 'PUT', key, query: { comp: 'blocklist' }, body, signal })
      ;(await good(answer, `PUT ${key}`)).resume()
    },
    async *list(prefix, signal) {
      for (let marker = ''; ; ) {
        const query = { restype: 'container', comp: 'list', prefix, ...(marker && { marker }) }
        const page = await text(await good(await ask({ method: 'GET', query, signal }), 'list'))
        for (const [, name = ''] of page.matchAll(/<Name>([^<]*)<\/Name>/g)) yield unescaped(name)
        marker = unescaped(/<NextMarker>([^<]+)<\/NextMarker>/.exec(page)?.[1] ?? '')
        if (marker === '') return
      }
    },
    async remove(key, signal) {
      const answer = await ask({ method: 'DELETE', key, signal })
      if (answer.statusCode === 404) await absent(answer)
      else (await good(answer, `DELETE ${key}`)).resume()
    },
  }
}

/** Undefined for a blob that is not there; a container that is not there is an error. */
async function absent(answer: IncomingMessage): Promise<undefined> {
  const words = await complaint(answer)
  if (answer.headers['x-ms-error-code'] !== 'ContainerNotFound') return undefined
  throw new StatusError('BadRequest', `azure: ${words}`)
}

async function good(answer: IncomingMessage, what: string): Promise<IncomingMessage> {
  if (isGood(answer)) return answer
  throw new StatusError('BadRequest', `azure: ${what}: ${await complaint(answer)}`)
}

interface Call {
  readonly method: 'GET' | 'PUT' | 'DELETE'
  readonly key?: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Buffer
  readonly signal: AbortSignal | undefined
}

/** The request of a call, signed. */
export function sendingOf(
  place: AzurePlace,
  { method, key, query = {}, body, signal }: Call,
): Sending {
  const path = key === undefined ? '' : `/${key.split('/').map(encodeURIComponent).join('/')}`
  const url = new URL(place.url + path)
  if ('token' in place) url.search = place.token
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  const headers: Record<string, string> = {
    'x-ms-date': new Date().toUTCString(),
    'x-ms-version': version,
  }
  if ('key' in place) {
    const length = body && body.length > 0 ? String(body.length) : ''
    headers['Authorization'] = signed(place, { method, length, url, headers })
  }
  return {
    method,
    url: url.href,
    headers: Object.entries(headers),
    ...(body && { content: { open: async () => Readable.from([body]), size: body.length } }),
    signal,
  }
}

interface Signing {
  readonly method: string
  readonly length: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
}

/** Shared Key: a hash of the request under the account's key. */
function signed(
  { account, key }: { readonly account: string; readonly key: string },
  { method, length, url, headers }: Signing,
): string {
  const named = Object.keys(headers)
    .sort()
    .map((name) => `${name}:${headers[name]}\n`)
  const queries = [...url.searchParams].sort(([a], [b]) => (a < b ? -1 : 1))
  const resource = `/${account}${url.pathname}${queries.map(([name, value]) => `\n${name}:${value}`).join('')}`
  // Encoding, language, length, MD5, type, date, four conditions, range.
  const words = [method, '', '', length, '', '', '', '', '', '', '', '', named.join('') + resource]
  const hash = createHmac('sha256', Buffer.from(key, 'base64')).update(words.join('\n'))
  return `SharedKey ${account}:${hash.digest('base64')}`
}

function unescaped(xml: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
  return xml.replace(/&(#x?[0-9a-f]+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return names[name] ?? whole
    const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return String.fromCodePoint(code)
  })
}
