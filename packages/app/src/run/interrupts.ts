/** What somebody outside wants: first that the steps be stopped, then that it be over. */
export interface Interrupts extends Disposable {
  /** Aborts at the first signal; the reason is its name. */
  readonly stop: AbortSignal
  /** Aborts at the second. */
  readonly kill: AbortSignal
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * A terminal sends Ctrl-C to everyone in the foreground: npm, the launcher of an older Node, ourselves; and those pass
 * it on. Copies of one key press arrive within this time, a second press does not.
 */
const echoMs = 300

/** Listens for the signals that ask a program to end. */
export function listenForInterrupts(now: () => number): Interrupts {
  const stop = new AbortController()
  const kill = new AbortController()
  let firstAt = 0
  const hear = (signal: NodeJS.Signals) => {
    if (!stop.signal.aborted) {
      firstAt = now()
      stop.abort(signal)
    } else if (now() - firstAt >= echoMs) {
      kill.abort(signal)
    }
  }
  for (const signal of signals) process.on(signal, hear)
  return {
    stop: stop.signal,
    kill: kill.signal,
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, hear)
    },
  }
}

/** How a shell says that a signal ended a program. */
export function exitCodeOf(reason: unknown): number {
  const numbers: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }
  return 128 + (numbers[String(reason)] ?? 2)
}
