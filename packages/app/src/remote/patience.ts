import { type Clock, StatusError, systemClock } from '@argosy/kube'

interface PatienceOptions {
  readonly clock?: Clock
  /** Told once when the server is gone for a while, as while it is started anew. */
  readonly lost?: (error: Error) => void
}

/** How long a server may be gone, and how often it is asked then. */
const patienceMs = 60_000
const pauseMs = 1000

/** With a server that has answered before: it may be away for a minute. */
export class Patience {
  readonly #clock: Clock
  readonly #lost: (error: Error) => void
  #hasAnswered = false
  #awaySince: number | undefined
  /** When it was last away, by whoever asked. */
  #toldAt = Number.NEGATIVE_INFINITY

  constructor({ clock = systemClock, lost = () => undefined }: PatienceOptions = {}) {
    this.#clock = clock
    this.#lost = lost
  }

  answered(): void {
    this.#hasAnswered = true
    this.#awaySince = undefined
  }

  /** Waits a moment; throws what is no such thing, and what lasts too long. */
  async outlast(error: unknown): Promise<void> {
    if (!this.#hasAnswered || !isAway(error)) throw error
    const now = this.#clock.now()
    this.#awaySince ??= now
    this.#tell(error, now)
    if (now - this.#awaySince >= patienceMs) throw tooLong(error)
    await this.pause()
  }

  /** A server that is ending still answers this and that: it goes once. */
  #tell(error: Error, now: number): void {
    const isKnown = now - this.#toldAt < 10 * pauseMs
    this.#toldAt = now
    if (!isKnown) this.#lost(error)
  }

  /** Asks until there is an answer. */
  async until<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const answer = await ask()
        this.answered()
        return answer
      } catch (error) {
        await this.outlast(error)
      }
    }
  }

  /** Between two looks at what is about to change. */
  async pause(): Promise<void> {
    await this.#clock.until(this.#clock.now() + pauseMs)
  }
}

/** A proxy before the server says it in words of its own. */
function isAway(error: unknown): error is StatusError {
  return (
    error instanceof StatusError &&
    (error.reason === 'ServiceUnavailable' || /^the server answered 50[24]:/.test(error.message))
  )
}

function tooLong(error: StatusError): StatusError {
  const message = `${error.message}: it has been away for a minute`
  return new StatusError(error.reason, message, { cause: error })
}
