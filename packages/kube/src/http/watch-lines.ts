import type { IncomingMessage } from 'node:http'
import type { KubeObject } from '@argosy/engine'
import type { WatchEvent } from '../client.ts'
import { type Connection, Silence, unreachable } from './connection.ts'
import { errorOf } from './refusal-of.ts'

interface RawEvent {
  readonly type: WatchEvent<KubeObject>['type'] | 'ERROR'
  readonly object: KubeObject & Parameters<typeof errorOf>[0]
}

// Servers send a bookmark each minute. One that sends none is asked again from where the watch was, which costs little.
const defaultSilenceMs = 180_000

/**
 * The events of one watch request, those of one chunk together. Ends when the server ends it, or has begun it and says
 * nothing more, or `signal` aborts; throws the server's refusal, also one that comes as an event (410 when the version
 * is too old).
 */
export async function* watchLines<T extends KubeObject>(
  connection: Connection,
  path: string,
  signal: AbortSignal,
  silenceMs = defaultSilenceMs,
): AsyncGenerator<readonly WatchEvent<T>[]> {
  const response = await connection.open(path, { signal, silenceMs }).catch((error: unknown) => {
    if (signal.aborted) return undefined
    throw error
  })
  if (!response) return
  try {
    for await (const lines of linesOf(response)) yield* batchOf<T>(lines)
  } catch (error) {
    if (signal.aborted || error instanceof Silence) return
    throw unreachable(connection.access.server, error as Error, signal)
  } finally {
    response.destroy()
  }
}

/** The whole lines of each chunk. */
async function* linesOf(response: IncomingMessage): AsyncGenerator<readonly string[]> {
  let rest = ''
  response.setEncoding('utf8')
  for await (const chunk of response as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield lines.filter((line) => line !== '')
  }
}

/** Nothing, or one batch; what came before a refusal is told before it is thrown. */
function* batchOf<T extends KubeObject>(
  lines: readonly string[],
): Generator<readonly WatchEvent<T>[]> {
  const events: WatchEvent<T>[] = []
  for (const line of lines) {
    const event = eventOf<T>(line)
    if (event instanceof Error) {
      if (events.length > 0) yield events
      throw event
    }
    events.push(event)
  }
  if (events.length > 0) yield events
}

function eventOf<T extends KubeObject>(line: string): WatchEvent<T> | Error {
  const { type, object } = JSON.parse(line) as RawEvent
  if (type === 'ERROR') return errorOf(object)
  const { namespace = '', name = '', resourceVersion = '' } = object.metadata
  return { type, namespace, name, resourceVersion, object: object as unknown as T }
}
