import type { OutgoingHttpHeaders } from 'node:http'

/** What is answered. */
export type Reply =
  | { readonly kind: 'json'; readonly value: unknown }
  /** A message after the other, as server-sent events or a line each; those of one batch go out together. */
  | { readonly kind: 'stream'; readonly batches: AsyncIterable<readonly unknown[]> }
  | {
      readonly kind: 'bytes'
      readonly status: number
      readonly headers: OutgoingHttpHeaders
      readonly body: AsyncIterable<Uint8Array> | string
    }

export const json = (value: unknown): Reply => ({ kind: 'json', value })
export const batches = (all: AsyncIterable<readonly unknown[]>): Reply => ({
  kind: 'stream',
  batches: all,
})
export const stream = (messages: AsyncIterable<unknown>): Reply => batches(oneByOne(messages))

async function* oneByOne(messages: AsyncIterable<unknown>): AsyncGenerator<readonly unknown[]> {
  for await (const message of messages) yield [message]
}
