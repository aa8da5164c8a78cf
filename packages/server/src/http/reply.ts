import type { OutgoingHttpHeaders } from 'node:http'

/** What is answered. */
export type Reply =
  | { readonly kind: 'json'; readonly value: unknown }
  /** A message after the other, as server-sent events or a line each. */
  | { readonly kind: 'stream'; readonly messages: AsyncIterable<unknown> }
  | {
      readonly kind: 'bytes'
      readonly status: number
      readonly headers: OutgoingHttpHeaders
      readonly body: AsyncIterable<Uint8Array> | string
    }

export const json = (value: unknown): Reply => ({ kind: 'json', value })
export const stream = (messages: AsyncIterable<unknown>): Reply => ({ kind: 'stream', messages })
