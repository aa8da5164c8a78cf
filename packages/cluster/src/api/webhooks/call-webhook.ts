import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { isIP } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Json, JsonObject } from '@argosy/engine'
import { numberAt, textAt } from '../parts/table/at.ts'
import type { Webhook } from './webhook.ts'

/** Where a webhook is asked. */
interface Door {
  /** As Kubernetes names it. */
  readonly url: string
  readonly pathname: string
  /** The name that its certificate is of. */
  readonly hostname: string
  /** What is connected to. */
  readonly host: string
  readonly port: number
}

/** Finds who answers at a port of a Service; throws an `Error` that says why nobody does. */
export type FindService = (service: {
  readonly namespace: string
  readonly name: string
  readonly port: number
}) => { readonly host: string; readonly port: number }

/** Asks a webhook; throws an `Error` in Kubernetes' words when there is no answer. */
export async function callWebhook(
  webhook: Webhook,
  body: JsonObject,
  { find, signal }: { readonly find: FindService; readonly signal: AbortSignal },
): Promise<Json> {
  const url = urlOf(webhook)
  try {
    return await post(doorTo(webhook, url, find), webhook, { body, signal })
  } catch (error) {
    const where = error instanceof Answered ? '' : `Post ${JSON.stringify(url)}: `
    throw new Error(`failed to call webhook: ${where}${whyOf(error)}`)
  }
}

/** Somebody answered, but not as a webhook does. */
class Answered extends Error {}

function urlOf({ client, timeoutSeconds }: Webhook): string {
  const time = `timeout=${timeoutSeconds}s`
  if (!client['service']) return `${textAt(client, 'url')}?${time}`
  const { namespace, name, port, path } = serviceIn(client)
  return `https://${name}.${namespace}.svc:${port}${path}?${time}`
}

function serviceIn(client: JsonObject) {
  const text = (name: string) => textAt(client, 'service', name)
  const port = numberAt(client, 'service', 'port') || 443
  const path = text('path')
  return {
    ...{ namespace: text('namespace'), name: text('name'), port },
    path: path.startsWith('/') ? path : `/${path}`,
  }
}

function doorTo({ client }: Webhook, text: string, find: FindService): Door {
  const { hostname, port, pathname, search } = new URL(text)
  const door = { url: text, pathname: `${pathname}${search}`, hostname }
  if (client['service']) return { ...door, ...find(serviceIn(client)) }
  return { ...door, host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 443) }
}

interface Sent {
  readonly body: JsonObject
  readonly signal: AbortSignal
}

async function post(door: Door, webhook: Webhook, { body, signal }: Sent): Promise<Json> {
  const limit = AbortSignal.timeout(webhook.timeoutSeconds * 1000)
  const response = await answerTo(door, webhook, { body, signal: AbortSignal.any([signal, limit]) })
  const answer = await text(response)
  if (response.statusCode !== 200) {
    const shown = JSON.stringify(answer.slice(0, 200))
    throw new Answered(
      `an error on the server (${shown}) has prevented the request from succeeding`,
    )
  }
  try {
    return JSON.parse(answer) as Json
  } catch {
    throw new Answered('the answer is not JSON')
  }
}

function answerTo(door: Door, { client }: Webhook, { body, signal }: Sent) {
  const { host, port, hostname, pathname } = door
  const bundle = textAt(client, 'caBundle')
  const bytes = Buffer.from(JSON.stringify(body), 'utf8')
  return new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request({
      ...{ method: 'POST', host, port, path: pathname, signal, agent: false },
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': bytes.length,
        Host: `${hostname}:${port}`,
      },
      // The name of an address is no name.
      ...(isIP(host) !== 0 && hostname === host ? {} : { servername: hostname }),
      ...(bundle !== '' && { ca: Buffer.from(bundle, 'base64') }),
    })
    asked.on('response', resolve)
    asked.on('error', reject)
    asked.end(bytes)
  })
}

const untrusted = 'tls: failed to verify certificate: x509: certificate signed by unknown authority'

const words: Readonly<Record<string, string>> = {
  ABORT_ERR: 'context deadline exceeded',
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
}

function whyOf(error: unknown): string {
  const {
    code = '',
    message,
    address,
    port,
  } = error as NodeJS.ErrnoException & Partial<Door & { address: string }>
  if (code === 'ECONNREFUSED') return `dial tcp ${address}:${port}: connect: connection refused`
  return words[code] ?? message
}
