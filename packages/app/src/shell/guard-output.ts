/** What is known of a stream that was written to. */
export interface Guarded {
  /** Why something was lost; undefined: nothing was that anybody waits for. */
  lost(): string | undefined
}

/** Whoever read has left, as `head` does, or his terminal has. */
const gone = new Set(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED'])

/** A stream that cannot be written to any more ends nobody's work: it is noted why, and `left` is told of a reader who left. */
export function guardOutput(
  stream: Pick<NodeJS.WritableStream, 'on'>,
  left: () => void = () => undefined,
): Guarded {
  let lost: string | undefined
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (gone.has(error.code ?? '')) left()
    else lost ??= error.message
  })
  return { lost: () => lost }
}
