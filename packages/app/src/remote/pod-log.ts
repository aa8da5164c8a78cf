import type { Pod } from '@argosy/engine'
import { ignore } from '@argosy/kube'
import { unreachable } from '@argosy/kube/remote'
import type { Remote } from './connect.ts'

/** What of a pod's log is asked for, as Kubernetes says it. */
export interface PodLogOptions {
  readonly container: string
  readonly follow: boolean
  readonly previous: boolean
  readonly sinceSeconds?: number
  readonly sinceTime?: string
  readonly tailLines?: number
}

/** One line, and when it was written. */
export interface LogLine {
  readonly at: string
  readonly text: string
}

/** The lines of a pod as they come, with their times; of a pod without a log there are none. */
export async function* podLog(
  { connection }: Remote,
  { metadata }: Pod,
  options: PodLogOptions,
  signal?: AbortSignal,
): AsyncGenerator<LogLine, undefined> {
  const { namespace = 'default', name = '' } = metadata
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/log?${queryOf(options)}`
  const response = await connection
    .open(path, { accept: '*/*', signal })
    .catch(ignore('NotFound', 'BadRequest'))
  if (!response) return
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for await (const chunk of response) {
      const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) yield stamped(line)
    }
  } catch (error) {
    throw unreachable(connection.access.server, error as Error, signal)
  }
  if (rest !== '') yield stamped(rest)
}

function queryOf(options: PodLogOptions): URLSearchParams {
  const { container, follow, previous, sinceSeconds, sinceTime, tailLines } = options
  return new URLSearchParams({
    ...{ container, timestamps: 'true' },
    ...(follow && { follow: 'true' }),
    ...(previous && { previous: 'true' }),
    ...(sinceSeconds !== undefined && { sinceSeconds: String(sinceSeconds) }),
    ...(sinceTime !== undefined && { sinceTime }),
    ...(tailLines !== undefined && { tailLines: String(tailLines) }),
  })
}

function stamped(line: string): LogLine {
  const end = line.indexOf(' ')
  return end < 0 ? { at: line, text: '' } : { at: line.slice(0, end), text: line.slice(end + 1) }
}
