import { Worker } from 'node:worker_threads'

/** What a worker is sent. */
export interface Order {
  readonly id: number
  readonly question: unknown
}

/** What it sends back. */
export type Outcome =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string }

export interface WorkerPoolOptions {
  readonly program: URL
  readonly data: unknown
  /** So many threads at the most; each is started when all before it are busy. */
  readonly most: number
}

/** Threads that answer questions. One that dies is an error for those who wait for it, and another takes its place. */
export class WorkerPool implements AsyncDisposable {
  readonly #options: WorkerPoolOptions
  #threads: readonly Thread[] = []
  #isClosed = false

  constructor(options: WorkerPoolOptions) {
    this.#options = options
  }

  /** Throws an Error with what the worker said of a question that it could not answer. */
  async ask(question: unknown): Promise<unknown> {
    if (this.#isClosed) throw new Error('it is closed')
    return this.#next().ask(question)
  }

  /** Waits for what has been asked. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    await Promise.all(this.#threads.map((thread) => thread[Symbol.asyncDispose]()))
  }

  #next(): Thread {
    const { program, data, most } = this.#options
    this.#threads = this.#threads.filter(({ isLost }) => !isLost)
    const [least] = this.#threads.toSorted((a, b) => a.load - b.load)
    if (least !== undefined && (least.load === 0 || this.#threads.length >= most)) return least
    const fresh = new Thread(program, data)
    this.#threads = [...this.#threads, fresh]
    return fresh
  }
}

interface Waiting {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: Error) => void
}

class Thread implements AsyncDisposable {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #asked = 0
  #isLost = false
  #idle: () => void = () => undefined

  constructor(program: URL, data: unknown) {
    this.#worker = new Worker(program, { workerData: data })
    this.#worker.on('message', (outcome: Outcome) => this.#settle(outcome))
    this.#worker.on('error', (error) => this.#lose(asError(error)))
    this.#worker.on('exit', (code) => this.#lose(new Error(`the thread ended with ${code}`)))
  }

  get load(): number {
    return this.#waiting.size
  }

  get isLost(): boolean {
    return this.#isLost
  }

  ask(question: unknown): Promise<unknown> {
    const id = ++this.#asked
    return new Promise((resolve, reject) => {
      this.#worker.postMessage({ id, question } satisfies Order)
      this.#waiting.set(id, { resolve, reject })
    })
  }

  #settle(outcome: Outcome): void {
    const waiting = this.#waiting.get(outcome.id)
    this.#waiting.delete(outcome.id)
    if ('error' in outcome) waiting?.reject(new Error(outcome.error))
    else waiting?.resolve(outcome.answer)
    if (this.load === 0) this.#idle()
  }

  #lose(error: Error): void {
    this.#isLost = true
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
    this.#idle()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.load > 0) await new Promise<void>((resolve) => (this.#idle = resolve))
    await this.#worker.terminate()
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
