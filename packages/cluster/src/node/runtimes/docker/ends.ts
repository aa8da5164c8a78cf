import type { IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import type { Engine } from './engine.ts'
import { dirLabel } from './identity.ts'
import { persevere } from './persevere.ts'

/** How a container ended, as far as the engine has said it. */
export interface Word {
  readonly code: number
  readonly at: number
  /** Undefined: it did not say. */
  readonly outOfMemory?: boolean
}

const againMs = 1_000

/**
 * What the engine tells of all our containers as it happens: that one ended, at the earliest moment. Nobody may wait for
 * that alone: of what happened while nobody listened, or listened too slowly, nothing is said.
 */
export class Ends {
  readonly #engine: Engine
  readonly #listeners = new Map<string, (word: Word) => void>()
  readonly #outOfMemory = new Set<string>()
  #isConnected = false

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** Until the engine is closed, also of one that goes away and comes back. Rejects when it refuses to tell. */
  async follow(): Promise<void> {
    while (!this.#engine.isClosed) {
      const answer = await persevere(this.#engine, () => this.#ask())
      // No process lives on for what it may hear.
      answer.socket.unref()
      this.#isConnected = true
      await this.#read(answer).catch(() => undefined)
      this.#isConnected = false
      this.#listeners.clear()
      this.#outOfMemory.clear()
      if (!this.#engine.isClosed) await this.#engine.pause(againMs)
    }
  }

  /** Tells once of the end of a container that is yet to be started. */
  listen(name: string, hear: (word: Word) => void): void {
    if (this.#isConnected) this.#listeners.set(name, hear)
  }

  forget(name: string): void {
    this.#listeners.delete(name)
    this.#outOfMemory.delete(name)
  }

  #ask(): Promise<IncomingMessage> {
    const filters = { type: ['container'], event: ['oom', 'die'], label: [dirLabel] }
    return this.#engine.stream({ path: '/events', query: { filters: JSON.stringify(filters) } })
  }

  async #read(answer: IncomingMessage): Promise<void> {
    for await (const line of createInterface(answer)) this.#hear(JSON.parse(line) as Event)
  }

  #hear({ Action, Actor }: Event): void {
    const { name = '', exitCode = '' } = Actor?.Attributes ?? {}
    const tell = this.#listeners.get(name)
    if (!tell) return
    if (Action === 'oom') this.#outOfMemory.add(name)
    if (Action !== 'die' || !/^\d+$/.test(exitCode)) return
    tell({ code: Number(exitCode), at: Date.now(), outOfMemory: this.#outOfMemory.has(name) })
    this.forget(name)
  }
}

interface Event {
  readonly Action?: string
  readonly Actor?: { readonly Attributes?: Readonly<Record<string, string>> }
}
