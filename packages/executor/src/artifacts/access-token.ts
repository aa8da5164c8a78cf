import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import type { JsonObject } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import { complaint, isGood, type Sending, send } from './send.ts'

/** What says to a store who asks. */
export type Token = (signal?: AbortSignal) => Promise<string>

export interface Granted {
  readonly token: string
  readonly seconds: number
}

/** The last minutes of a token are not used: the clocks of two machines differ. */
const reserveMs = 5 * 60_000

/** Asks again before a token runs out, and not before. */
export function renewed(
  { now }: { now(): number },
  ask: (signal?: AbortSignal) => Promise<Granted>,
): Token {
  let held: { readonly token: string; readonly until: number } | undefined
  return async (signal) => {
    if (held && now() < held.until) return held.token
    const { token, seconds } = await ask(signal)
    held = { token, until: now() + seconds * 1000 - reserveMs }
    return token
  }
}

export function form(url: string, fields: Readonly<Record<string, string>>, signal?: AbortSignal) {
  const body = Buffer.from(new URLSearchParams(fields).toString())
  return {
    method: 'POST',
    url,
    headers: [['Content-Type', 'application/x-www-form-urlencoded']],
    content: { open: async () => Readable.from([body]), size: body.length },
    signal,
  } as const satisfies Sending
}

/** The JSON object that answers; a refusal is told with the name of the store. */
export async function answered(store: string, sending: Sending): Promise<JsonObject> {
  const answer = await send(sending)
  if (isGood(answer)) return (await json(answer)) as JsonObject
  throw new StatusError('BadRequest', `${store}: ${sending.url}: ${await complaint(answer)}`)
}
