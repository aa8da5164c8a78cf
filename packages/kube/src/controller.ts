import type { Queue } from './queue.ts'

/**
 * Makes one object what it should be: reads, decides, acts. It is told only which object, never what happened, and may
 * be told twice. Throwing means "again, later"; throwing `Permanent` means "never again until something changes".
 */
export type Reconcile = (key: string, signal: AbortSignal) => Promise<Outcome | undefined>

export interface Outcome {
  /** Come again at this time though nothing has changed. */
  readonly wakeAt?: number | undefined
}

/** A failure that trying again cannot mend. */
export class Permanent extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'Permanent'
  }
}

export interface ControllerOptions {
  readonly queue: Queue
  readonly reconcile: Reconcile
  /** How many keys are worked on at once; each key has one worker at most. */
  readonly workers?: number
  readonly onError: (error: unknown, key: string) => void
}

/** Works on the queue until the signal aborts; resolves when the last worker has stopped. */
export async function runController(
  options: ControllerOptions,
  signal: AbortSignal,
): Promise<void> {
  const { queue } = options
  const close = () => queue.close()
  if (signal.aborted) close()
  signal.addEventListener('abort', close, { once: true })
  const workers = Array.from({ length: options.workers ?? 4 }, () => work(options, signal))
  await Promise.all(workers)
  signal.removeEventListener('abort', close)
}

async function work(options: ControllerOptions, signal: AbortSignal): Promise<void> {
  const { queue } = options
  for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
    await once(options, key, signal)
    queue.done(key)
  }
}

async function once(options: ControllerOptions, key: string, signal: AbortSignal): Promise<void> {
  const { queue, reconcile, onError } = options
  try {
    const outcome = await reconcile(key, signal)
    queue.forget(key)
    if (outcome?.wakeAt !== undefined) queue.addAt(key, outcome.wakeAt)
  } catch (error) {
    if (signal.aborted) return
    onError(error, key)
    if (error instanceof Permanent) queue.forget(key)
    else queue.retry(key)
  }
}

/** The key of an object: `namespace/name`, or `name` for cluster-scoped kinds. */
export function objectKey(namespace: string | undefined, name: string): string {
  return namespace ? `${namespace}/${name}` : name
}

export function splitKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf('/')
  return { namespace: slash < 0 ? '' : key.slice(0, slash), name: key.slice(slash + 1) }
}
