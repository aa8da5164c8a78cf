import type { IncomingMessage } from 'node:http'
import { StatusError } from '@argosy/kube'
import { type Connection, unreachable } from '@argosy/kube/remote'
import { argoError } from './argo-error.ts'

interface Message<T> {
  readonly result?: T
  readonly error?: { readonly message?: string; readonly http_code?: number }
}

/** The messages of a streaming request, a line each; ends when the server ends it or `signal` aborts. */
export async function* argoStream<T>(
  connection: Connection,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<T, undefined> {
  const response = await connection.open(path, { signal }).catch((error: unknown) => {
    throw argoError(error)
  })
  try {
    for await (const line of linesOf(response)) yield read<T>(line)
  } catch (error) {
    if (signal.aborted) return
    const isOfServer = error instanceof StatusError || error instanceof SyntaxError
    throw isOfServer ? error : unreachable(connection.access.server, error as Error, signal)
  } finally {
    response.destroy()
  }
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string, undefined> {
  let rest = ''
  response.setEncoding('utf8')
  for await (const chunk of response as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield* lines.filter((line) => line.trim() !== '')
  }
  if (rest.trim() !== '') yield rest
}

function read<T>(line: string): T {
  const { result, error } = JSON.parse(line) as Message<T>
  if (error) throw argoError(error)
  return result as T
}
