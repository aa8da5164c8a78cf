import { ApiError, apiPath, type Query, reach, refused, unanswered } from './api.ts'
import { type Frame, frameOf, lineCutter } from './frames.ts'

export interface StreamOptions<T> {
  readonly path: string
  readonly query?: Query
  readonly events?: boolean
  readonly signal: AbortSignal
  readonly onFrames: (frames: readonly T[]) => void
}

/** Reads a stream to its end; frames come in the pieces that the network brought. */
export async function readStream<T>(options: StreamOptions<T>): Promise<void> {
  const { path, query, events, signal, onFrames } = options
  const headers = events ? { Accept: 'text/event-stream' } : {}
  const response = await reach(apiPath(path, query), { signal, headers })
  if (!response.ok || !response.body) {
    throw refused(response.status, (await messageOf(response)) || response.statusText)
  }
  const cut = lineCutter()
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { done, value } = await reader.read().catch(unanswered)
    const frames = cut(done ? '\n' : value).flatMap((line) => resultOf<T>(line))
    if (frames.length > 0) onFrames(frames)
    if (done) return
  }
}

async function messageOf(response: Response): Promise<string> {
  const text = await response.text()
  return (text.startsWith('{') ? (JSON.parse(text) as { message?: string }).message : text) ?? ''
}

function resultOf<T>(line: string): readonly T[] {
  const frame: Frame<T> | undefined = frameOf<T>(line)
  if (frame?.error)
    throw new ApiError(frame.error.http_code ?? 500, frame.error.message ?? 'the stream broke')
  return frame?.result === undefined ? [] : [frame.result]
}
