import type { Worker } from 'node:worker_threads'
import { goJson } from '@argosy/engine'

const limitMs = 30_000

/** argo: jqFilter. Every result on a line of its own, texts as they are; the whole without space around it. */
export async function jq(filter: string, value: unknown, signal?: AbortSignal): Promise<string> {
  // gojq goes through members in the order of their names, jq in the order of the text.
  const lines = (await run(filter, goJson(value), signal)).split('\n').filter(Boolean)
  return lines
    .map((line) => textOf(JSON.parse(line)))
    .join('\n')
    .trim()
}

function textOf(result: unknown): string {
  return typeof result === 'string' ? result : goJson(result)
}

interface Answer {
  readonly text?: string
  readonly error?: string
}

async function run(filter: string, json: string, signal: AbortSignal | undefined): Promise<string> {
  signal?.throwIfAborted()
  const { Worker } = await import('node:worker_threads')
  const worker = new Worker(new URL('./jq-worker.ts', import.meta.url), {
    workerData: { json, filter },
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  })
  const limit = AbortSignal.any([AbortSignal.timeout(limitMs), ...(signal ? [signal] : [])])
  try {
    const { text, error } = await answerOf(worker, limit)
    if (error === undefined) return text ?? ''
    throw new Error(error)
  } finally {
    await worker.terminate()
  }
}

function answerOf(worker: Worker, limit: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('jq ended without an answer')))
    limit.addEventListener('abort', () => reject(limit.reason), { once: true })
  })
}
