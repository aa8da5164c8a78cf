import type { NodePhase, Outputs } from '@argosy/engine'
import type { BuiltInCall } from '../built-in.ts'
import { exchange } from '../http/exchange.ts'
import type { Plugin } from './plugins.ts'

/** What a plugin says of a template; neither: it is not for this plugin. */
export interface Reply {
  readonly node?: {
    readonly phase?: NodePhase
    readonly message?: string
    readonly outputs?: Outputs
  }
  /** Ask again after this long, as Go writes durations. */
  readonly requeue?: string
}

const method = 'template.execute'
const limitMs = 30_000
/** A server that has just been started needs a moment before it listens. */
const pausesMs = [250, 500, 1000, 2000, 4000, 8000, 8000, 8000]

/** argo: rpc's Call. Refused connections, timeouts and 503 are tried again; 404 means that the plugin has no such method. */
export async function askPlugin(
  { port }: Plugin,
  token: string,
  question: object,
  call: BuiltInCall,
): Promise<Reply> {
  for (let tries = 0; ; tries++) {
    const answer = await once(port, token, question, call)
    if ('reply' in answer) return answer.reply
    const pause = pausesMs[tries]
    if (!answer.passing || pause === undefined) throw answer.error
    await call.clock.until(call.clock.now() + pause, call.signal)
  }
}

type Answered = { readonly reply: Reply } | { readonly error: Error; readonly passing: boolean }

async function once(
  port: number,
  token: string,
  question: object,
  call: BuiltInCall,
): Promise<Answered> {
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(limitMs)])
  try {
    const { statusCode, body } = await exchange(
      {
        method: 'POST',
        // Not `localhost`: that may be the other kind of address first.
        url: `http://127.0.0.1:${port}/api/v1/${method}`,
        headers: [
          ['Content-Type', 'application/json'],
          ['Authorization', `Bearer ${token}`],
        ],
        body: Buffer.from(JSON.stringify(question)),
        insecureSkipVerify: false,
      },
      signal,
    )
    if (statusCode === 200) return { reply: JSON.parse(body) as Reply }
    if (statusCode === 404) return { reply: {} }
    const { STATUS_CODES } = await import('node:http')
    const status = `${statusCode} ${STATUS_CODES[statusCode] ?? ''}`
    const error = new Error(statusCode === 503 ? body : `${status}: ${body}`)
    return { error, passing: statusCode === 503 }
  } catch (error) {
    call.signal.throwIfAborted()
    if (!(error instanceof Error) || error instanceof SyntaxError) throw error
    return { error, passing: /connection refused$|deadline exceeded$|: EOF$/.test(error.message) }
  }
}
