import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

export interface ServedOrder {
  readonly what: 'api' | 'echo'
  /** Where its certificates are. */
  readonly pki: string
  /** Where the API keeps its objects. */
  readonly directory: string
  readonly token: string
  /** What the echo answers to a GET. */
  readonly small: string
}

/** Runs `work` against a server in a thread of its own. */
export async function withServed<T>(
  order: ServedOrder,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const worker = new Worker(new URL('./served.worker.ts', import.meta.url), { workerData: order })
  try {
    const [url] = (await once(worker, 'message')) as [string]
    return await work(url)
  } finally {
    await worker.terminate()
  }
}
