import { type NodeLogs, nodeLogs } from '@argosy/cluster'
import { ignore } from '@argosy/kube'
import type { Embedded } from '../embedded.ts'
import type { PodEntry } from './pod-book.ts'

type Write = (lines: readonly string[]) => void

const container = 'main'

/** What steps write, while they write it and afterwards. */
export class StepLogs {
  readonly #logs: NodeLogs
  readonly #signal: AbortSignal
  readonly #following = new Map<string, { readonly end: AbortController; done: Promise<void> }>()

  constructor(embedded: Embedded, signal: AbortSignal) {
    this.#logs = nodeLogs(embedded)
    this.#signal = signal
  }

  /** Hands out what a pod writes as `podname: line`, until `ended`. */
  follow(pod: PodEntry, write: Write): void {
    const end = new AbortController()
    const signal = AbortSignal.any([this.#signal, end.signal])
    const done = this.#follow(pod, write, signal).finally(() => this.#following.delete(pod.uid))
    this.#following.set(pod.uid, { end, done })
  }

  /** The pod has ended: what is left is read now, not when it is next looked at. */
  ended({ uid }: PodEntry): void {
    this.#following.get(uid)?.end.abort()
  }

  /** Resolves when everything that ended pods wrote has been handed out. */
  async caughtUp(): Promise<void> {
    const ended = [...this.#following.values()].filter(({ end }) => end.signal.aborted)
    await Promise.all(ended.map(({ done }) => done))
  }

  /** Nothing more is expected of anybody; resolves when all is handed out. */
  async settled(): Promise<void> {
    for (const { end } of this.#following.values()) end.abort()
    await this.caughtUp()
  }

  /** The last lines that a pod wrote; none when it never ran. */
  async last(pod: PodEntry, tailLines: number): Promise<readonly string[]> {
    const lines: string[] = []
    const chunks = this.#logs.read({ ref: pod, container, tailLines }, this.#signal)
    await eachLine(chunks, (more) => lines.push(...more)).catch(ignore('BadRequest'))
    return lines
  }

  async #follow(pod: PodEntry, write: Write, signal: AbortSignal): Promise<void> {
    const chunks = this.#logs.read({ ref: pod, container, follow: true }, signal)
    const named: Write = (lines) => write(lines.map((line) => `${pod.name}: ${line}`))
    await eachLine(chunks, named).catch(ignore('BadRequest'))
  }
}

/** Cuts at line breaks, wherever the chunks are cut. */
async function eachLine(chunks: AsyncIterable<Buffer>, write: Write): Promise<void> {
  const decoder = new TextDecoder()
  let partial = ''
  for await (const chunk of chunks) {
    const lines = (partial + decoder.decode(chunk, { stream: true })).split('\n')
    partial = lines.pop() ?? ''
    if (lines.length > 0) write(lines)
  }
  if (partial !== '') write([partial])
}
