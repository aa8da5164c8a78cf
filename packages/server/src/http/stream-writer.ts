import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Clock } from '@argosy/kube'
import { apiErrorOf } from './api-error.ts'

export interface StreamOptions {
  /** Server-sent events; otherwise a line of JSON each. */
  readonly events: boolean
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly surprised: (error: unknown) => void
}

const keepAliveMs = 15_000

/** Writes one message after the other, as they come. What goes wrong on the way is the last message. */
export async function writeStream(
  response: ServerResponse,
  batches: AsyncIterable<readonly unknown[]>,
  { events, clock, signal, surprised }: StreamOptions,
): Promise<void> {
  const type = events ? 'text/event-stream' : 'application/json'
  const textOf = (chunk: object) => {
    const text = JSON.stringify(chunk)
    return events ? `data: ${text} \n\n` : `${text}\n`
  }
  const write = (text: string) => send(response, text, signal)
  response.writeHead(200, {
    'Content-Type': type,
    ...(events && { 'Cache-Control': 'no-cache', 'X-Content-Type-Options': 'nosniff' }),
  })
  response.flushHeaders()
  const ended = new AbortController()
  const alive = events ? keepAlive(response, clock, ended.signal) : Promise.resolve()
  try {
    for await (const batch of batches) {
      if (signal.aborted) break
      await write(batch.map((result) => textOf({ result })).join(''))
    }
  } catch (error) {
    if (!signal.aborted) await write(textOf({ error: apiErrorOf(error, surprised).chunk }))
  } finally {
    ended.abort()
    await alive
  }
  // One that is cut short must not look whole: its reader asks again.
  if (signal.aborted) response.destroy()
  else response.end()
}

/** A comment now and then: proxies cut what is silent. */
async function keepAlive(
  response: ServerResponse,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await clock.until(clock.now() + keepAliveMs, signal).catch(() => undefined)
    if (signal.aborted) return
    response.write(':\n')
  }
}

/** A reader that is slow is waited for. */
async function send(response: ServerResponse, text: string, signal: AbortSignal): Promise<void> {
  if (response.write(text) || signal.aborted) return
  await once(response, 'drain', { signal }).catch(() => undefined)
}
