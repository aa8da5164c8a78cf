import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** One who may send events without a token: what he is, and the secret that he shares with us. */
export interface WebhookClient {
  readonly type: WebhookType
  readonly secret: string
}

export type WebhookType = 'github' | 'gitlab' | 'bitbucket' | 'bitbucketserver'

/** What came, as it came. */
export interface Delivery {
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/**
 * Whether a delivery is proven to come from this client, in the way of its kind; whatever the event. Upstream skips the
 * proof where the secret is empty: here nobody passes by that.
 */
export function isSigned({ type, secret }: WebhookClient, delivery: Delivery): boolean {
  if (secret === '' || delivery.body.length === 0) return false
  const { eventHeader, proves } = ways[type]
  return text(delivery.headers, eventHeader) !== '' && proves(secret, delivery)
}

interface Way {
  readonly eventHeader: string
  readonly proves: (secret: string, delivery: Delivery) => boolean
}

export function isWebhookType(type: unknown): type is WebhookType {
  return typeof type === 'string' && Object.hasOwn(ways, type)
}

const ways: Readonly<Record<WebhookType, Way>> = {
  github: {
    eventHeader: 'x-github-event',
    proves: (secret, { headers, body }) =>
      isSame(text(headers, 'x-hub-signature-256'), `sha256=${hmac(secret, body)}`),
  },
  gitlab: {
    eventHeader: 'x-gitlab-event',
    proves: (secret, { headers }) => isSame(text(headers, 'x-gitlab-token'), secret),
  },
  bitbucket: {
    eventHeader: 'x-event-key',
    proves: (secret, { headers }) => isSame(text(headers, 'x-hook-uuid'), secret),
  },
  bitbucketserver: {
    eventHeader: 'x-event-key',
    proves: (secret, { headers, body }) =>
      isSame(text(headers, 'x-hub-signature'), `sha256=${hmac(secret, body)}`),
  },
}

function hmac(secret: string, body: Buffer): string {
  return createHmac('sha256', secret).update(body).digest('hex')
}

/** Takes as long for every guess. */
function isSame(given: string, wanted: string): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}

function text(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}
