import { once } from 'node:events'
import { listenForInterrupts } from './interrupts.ts'
import { InputError } from './prepare.ts'

interface Serving {
  /** Aborts when somebody wants it to end. */
  readonly stop: AbortSignal
  /** Resolves then. */
  readonly stopped: () => Promise<void>
}

/** Serves until somebody ends it; resolves to the exit code. What was wrong with the input is told. */
export async function untilEnded(
  stderr: { write(text: string): unknown },
  work: (serving: Serving) => Promise<void>,
): Promise<number> {
  using interrupts = listenForInterrupts(Date.now)
  const { stop } = interrupts
  const stopped = async () => {
    if (!stop.aborted) await once(stop, 'abort')
  }
  try {
    await work({ stop, stopped })
    return 0
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    stderr.write(`${error.problems.join('\n\n')}\n`)
    return 2
  }
}
