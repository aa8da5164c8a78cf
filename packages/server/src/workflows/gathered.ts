import { Channel } from './channel.ts'

/**
 * What `work` pushes, until it is over; its failure is told after all that was pushed before. Whoever stops reading ends
 * the work, by the signal that it is given, and waits for it.
 */
export async function* gathered<T>(
  signal: AbortSignal,
  work: (channel: Channel<T>, signal: AbortSignal) => Promise<void>,
): AsyncGenerator<T> {
  const left = new AbortController()
  const channel = new Channel<T>()
  const all = work(channel, AbortSignal.any([left.signal, signal])).finally(() => channel.close())
  // It is awaited below, but only when the reader comes to it.
  all.catch(() => undefined)
  try {
    yield* channel.read()
  } finally {
    left.abort()
    channel.close()
    await all.catch(() => undefined)
  }
  await all
}
