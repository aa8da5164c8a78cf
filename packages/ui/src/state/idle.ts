type PostTask = (
  work: () => void,
  options: { readonly priority: 'background'; readonly signal: AbortSignal },
) => Promise<unknown>

/** Does `work` piece by piece, as long as it has more, when there is nothing else to do. The result ends it. */
export function whenIdle(work: () => boolean): () => void {
  const stop = new AbortController()
  const { signal } = stop
  const piece = () => {
    if (!signal.aborted && work()) next()
  }
  const next = () => postTask(piece, signal)
  next()
  return () => stop.abort()
}

/** Keys and news come before it, where the browser can tell them apart. */
function postTask(work: () => void, signal: AbortSignal): void {
  const { scheduler } = globalThis as { scheduler?: { readonly postTask?: PostTask } }
  if (!scheduler?.postTask) return void setTimeout(work, 5)
  scheduler.postTask(work, { priority: 'background', signal }).catch((error: unknown) => {
    if (!signal.aborted) reportError(error)
  })
}
