import { WorkerPool } from '../../archive/worker-pool.ts'
import type { LogPart } from '../pod-logs.ts'
import { grepLines, type LinePattern } from './grep-lines.ts'
import type { GrepFound, GrepStep } from './grep-part.ts'

/** What a thread is asked. */
export interface GrepQuestion {
  readonly source: string
  readonly step: GrepStep
}

/** While one searches a gigabyte, others are not made to wait. */
const most = 2

/** Threads that search the files of logs, started when they are first needed. */
export class LogSearch implements AsyncDisposable {
  readonly #threads = new WorkerPool({
    program: new URL('./grep-worker.ts', import.meta.url),
    ...{ data: undefined, most },
  })

  /** The lines that match, as they are found; who no longer asks for more has stopped the search. */
  async *lines(
    parts: readonly LogPart[],
    pattern: LinePattern,
    signal: AbortSignal,
  ): AsyncGenerator<readonly string[]> {
    let rest: Uint8Array = new Uint8Array()
    for (const part of parts) {
      let step: GrepStep = { part, rest }
      while (step.part.start < part.end) {
        if (signal.aborted) return
        const found = await this.#ask({ source: pattern.source, step })
        if (found.lines.length > 0) yield found.lines
        step = found.step
      }
      rest = step.rest
    }
    yield* grepLines(only(rest), pattern)
  }

  async #ask(question: GrepQuestion): Promise<GrepFound> {
    // What the worker answers to this question.
    return (await this.#threads.ask(question)) as GrepFound
  }

  /** Waits for what has been asked. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#threads[Symbol.asyncDispose]()
  }
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
