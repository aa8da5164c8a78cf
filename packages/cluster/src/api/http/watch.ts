import { setImmediate as turn } from 'node:timers/promises'
import type { KubeObject } from '@argosy/engine'
import { StatusError, type WatchEvent } from '@argosy/kube'
import { collectionOf } from '../kinds.ts'
import { eventOf, selection } from '../selection.ts'
import type { ResourceCall } from './call.ts'
import { drained } from './drained.ts'
import { invalidOption, revisionIn, selectorsOf, tooLarge } from './list.ts'
import { flag, wholeNumber } from './query.ts'
import { statusOf } from './reply.ts'
import { type Encoder, encoderFor } from './watch-encoder.ts'
import type { World } from './world.ts'

/**
 * A watch on a collection.
 *
 * 1. Headers go out at once: clients count from then on.
 * 2. What was there when the watch began comes first, then every later change; nothing is awaited between the two looks.
 * 3. A bookmark says a version only when everything up to it has been written.
 */
export async function watch(call: ResourceCall, world: World): Promise<void> {
  const { query, kind, response } = call
  const { store } = world.objects
  const start = startOf(query, store.revision)
  const matches = selection(kind, { ...selectorsOf(call), resource: kind.resource })
  const encoder = encoderFor(call, world)
  response.writeHead(200, { 'Content-Type': 'application/json' })
  response.flushHeaders()

  const collection = collectionOf(kind.resource)
  const initial = start.isInitial ? world.objects.list(kind, selectorsOf(call)) : []
  const after = start.isInitial ? store.revision : start.after
  const stream = new WatchStream(call, world, encoder)
  await stream.run(async (signal) => {
    for (const { value } of initial) await stream.write(encoder.event('ADDED', value))
    await stream.write(start.isMarked ? encoder.bookmark(after, true) : '')
    const pick = eventOf<KubeObject>(matches)
    for await (const batch of store.follow({ collection, after, pick }, signal)) {
      await stream.write(batch.map((event) => textOf(event, encoder)).join(''))
    }
  })
}

function textOf(event: WatchEvent<KubeObject>, encoder: Encoder): string {
  return encoder.event(event.type, event.object)
}

interface Start {
  readonly isInitial: boolean
  /** What comes first ends with a bookmark that says so. */
  readonly isMarked: boolean
  readonly after: number
}

function startOf(query: URLSearchParams, revision: number): Start {
  const version = query.get('resourceVersion') ?? ''
  const wanted = revisionIn(version)
  const match = query.get('resourceVersionMatch') ?? ''
  if (wanted > revision) throw tooLarge(wanted, revision)
  if (!query.has('sendInitialEvents')) {
    if (match !== '')
      throw invalidOption(
        'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
      )
    return { isInitial: wanted === 0, isMarked: false, after: wanted }
  }
  if (match !== 'NotOlderThan')
    throw invalidOption(
      'resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    )
  const isInitial = flag(query, 'sendInitialEvents')
  const isMarked = isInitial && flag(query, 'allowWatchBookmarks')
  return { isInitial, isMarked, after: wanted === 0 ? revision : wanted }
}

const bookmarkMs = 60_000

class WatchStream {
  readonly #call: ResourceCall
  readonly #world: World
  readonly #encoder: Encoder
  readonly #end = new AbortController()
  #isWriting = true

  constructor(call: ResourceCall, world: World, encoder: Encoder) {
    this.#call = call
    this.#world = world
    this.#encoder = encoder
  }

  /** Runs `body` until it, the client, the server or the time ends it. */
  async run(body: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const signal = AbortSignal.any([this.#call.left(), this.#end.signal])
    const around = [this.#timeout(signal), this.#bookmarks(signal)]
    try {
      await body(signal)
    } catch (error) {
      if (!signal.aborted) this.#complain(error)
    } finally {
      this.#end.abort()
      await Promise.all(around)
      this.#call.response.end()
    }
  }

  /** Waits for a slow reader; what is missed meanwhile is bounded by the store. */
  async write(text: string): Promise<void> {
    const { response } = this.#call
    this.#isWriting = true
    if (text !== '' && !response.write(text)) await drained(response)
    this.#isWriting = false
  }

  async #timeout(signal: AbortSignal): Promise<void> {
    const seconds = wholeNumber(this.#call.query, 'timeoutSeconds')
    // Spread, so that a thousand watchers do not come back in one second.
    const ms = seconds ? seconds * 1000 : (1800 + this.#world.random() * 1800) * 1000
    const { clock } = this.#world
    await clock.until(clock.now() + ms, signal).then(
      async () => {
        await this.#bookmark()
        this.#end.abort()
      },
      () => undefined,
    )
  }

  async #bookmarks(signal: AbortSignal): Promise<void> {
    if (!flag(this.#call.query, 'allowWatchBookmarks')) return
    const { clock } = this.#world
    while (!signal.aborted) {
      await clock.until(clock.now() + bookmarkMs, signal).catch(() => undefined)
      if (!signal.aborted) await this.#bookmark()
    }
  }

  async #bookmark(): Promise<void> {
    if (!flag(this.#call.query, 'allowWatchBookmarks')) return
    const { revision } = this.#world.objects.store
    // What has been committed until here reaches `write` within this turn.
    await turn()
    if (!this.#isWriting && !this.#call.left().aborted)
      this.#call.response.write(this.#encoder.bookmark(revision, false))
  }

  #complain(error: unknown): void {
    if (!(error instanceof StatusError)) throw error
    const object = statusOf(error)
    this.#call.response.write(`${JSON.stringify({ type: 'ERROR', object })}\n`)
  }
}
