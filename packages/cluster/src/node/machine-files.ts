import { readFileSync, realpathSync } from 'node:fs'
import type { Clock } from '@argosy/kube'

/** Whoever changes one of them does not expect it to be heard of at once. */
const freshMs = 1000

/** Files of this machine that pods get parts of: read seldom, since steps come by the hundred a second. */
export class MachineFiles {
  readonly #clock: Clock
  readonly #read = new Map<string, { readonly text: string | undefined; readonly at: number }>()
  readonly #ends = new Map<string, string>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Undefined when it is not there. */
  textOf(path: string): string | undefined {
    const now = this.#clock.now()
    const known = this.#read.get(path)
    if (known && now < known.at + freshMs) return known.text
    const text = attempt(() => readFileSync(path, 'utf8'))
    this.#read.set(path, { text, at: now })
    return text
  }

  /** What a link leads to; the path itself when it leads nowhere. */
  endOf(path: string): string {
    const end = this.#ends.get(path) ?? attempt(() => realpathSync(path)) ?? path
    this.#ends.set(path, end)
    return end
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
