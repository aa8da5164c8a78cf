import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const wanted = 0.93
const lookMs = 400

/** Waits for a machine that has nothing else to do, and remembers how idle it was before each run. */
export class Quiet {
  readonly shares: number[] = []
  #budgetMs: number

  /** `budgetMs` is how long all waits of one benchmark may take together. */
  constructor(budgetMs: number) {
    this.#budgetMs = budgetMs
  }

  readonly wait = async (): Promise<void> => {
    for (;;) {
      const share = await idleShare(lookMs)
      this.#budgetMs -= lookMs
      if (share >= wanted || this.#budgetMs <= 0) {
        this.shares.push(share)
        return
      }
    }
  }

  /** Most runs began on an idle machine: their figures may be held against us. */
  get wasIdle(): boolean {
    const idle = this.shares.filter((share) => share >= wanted).length
    return idle >= this.shares.length * 0.8
  }
}

/** How much of the processors nobody used for so long. */
async function idleShare(ms: number): Promise<number> {
  const before = ticks()
  await delay(ms)
  const after = ticks()
  const total = after.total - before.total
  return total === 0 ? 1 : (after.idle - before.idle) / total
}

function ticks(): { readonly idle: number; readonly total: number } {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
  const fields = line.split(/\s+/).slice(1, 9).map(Number)
  const [, , , idle = 0, waiting = 0] = fields
  return { idle: idle + waiting, total: fields.reduce((sum, field) => sum + field, 0) }
}
