import type { Connection } from '@argosy/kube/remote'
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
    let rest = ''
    response.setEncoding('utf8')
    for await (const chunk of response as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line.trim() !== '') yield read<T>(line)
    }
    if (rest.trim() !== '') yield read<T>(rest)
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    response.destroy()
  }
}

function read<T>(line: string): T {
  const { result, error } = JSON.parse(line) as Message<T>
  if (error) throw argoError(error)
  return result as T
}
