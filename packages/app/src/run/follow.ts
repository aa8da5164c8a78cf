import type { KubeObject, Workflow } from '@argosy/engine'
import { type Client, type Clock, elapsedMs, resources } from '@argosy/kube'
import { type NodeChange, Progress } from '../output/progress.ts'

export interface FollowOptions {
  readonly client: Client
  readonly clock: Clock
  /** `namespace/name` of the workflows. */
  readonly keys: readonly string[]
  /** How some of them stood before: only what comes after it is news. */
  readonly before?: readonly Workflow[]
  readonly moved: (progress: Progress, changes: readonly NodeChange[]) => void
}

/**
 * Follows workflows until all have ended or the signal aborts; resolves to what is known of each.
 *
 * The watch says only *which* Workflow changed. Building a Workflow of fifty thousand nodes for each of its changes
 * would cost more than running it, so it is read a few times a second, and less often when reading takes long. That one
 * has ended comes from a watch of its own, at once and without reading.
 */
export async function follow(
  options: FollowOptions,
  signal: AbortSignal,
): Promise<readonly Progress[]> {
  const end = new AbortController()
  const stop = AbortSignal.any([signal, end.signal])
  const follower = new Follower(options)
  await follower.readAll()
  const reading = follower.keepReading(stop)
  const watching = [
    watchKeys(options, undefined, stop, (key) => follower.dirty(key)),
    watchKeys(options, 'workflows.argoproj.io/completed=true', stop, (key) => follower.ended(key)),
  ]
  await Promise.race([follower.allEnded, aborted(signal), ...watching])
  end.abort()
  await Promise.all([reading, ...watching])
  await follower.readAll()
  return follower.progress()
}

class Follower {
  readonly allEnded: Promise<void>
  readonly #options: FollowOptions
  readonly #known = new Map<string, Progress>()
  readonly #open: Set<string>
  readonly #dirty = new Set<string>()
  #wake = () => {}
  #finish = () => {}

  constructor(options: FollowOptions) {
    this.#options = options
    this.#open = new Set(options.keys)
    for (const workflow of options.before ?? []) {
      const { namespace, name = '' } = workflow.metadata
      const progress = new Progress(name, workflow, options.clock.now())
      progress.update(workflow, options.clock.now())
      this.#known.set(`${namespace}/${name}`, progress)
    }
    this.allEnded = new Promise((resolve) => {
      this.#finish = resolve
    })
  }

  dirty(key: string): void {
    if (!this.#open.has(key)) return
    this.#dirty.add(key)
    this.#wake()
  }

  ended(key: string): void {
    if (!this.#open.delete(key)) return
    this.#dirty.add(key)
    if (this.#open.size === 0) this.#finish()
  }

  progress(): readonly Progress[] {
    return this.#options.keys.flatMap((key) => this.#known.get(key) ?? [])
  }

  async readAll(): Promise<void> {
    for (const key of this.#options.keys) await this.#read(key)
  }

  async keepReading(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    signal.addEventListener('abort', () => this.#wake(), { once: true })
    while (!signal.aborted) {
      if (this.#dirty.size === 0) await this.#news()
      const keys = [...this.#dirty]
      this.#dirty.clear()
      let pause = 0
      for (const key of keys) pause += await this.#read(key)
      await clock.until(clock.now() + pause, signal).catch(() => undefined)
    }
  }

  /** Reads one Workflow; returns how long to wait before it is read again. */
  async #read(key: string): Promise<number> {
    const { client, clock, moved } = this.#options
    const [namespace = '', name = ''] = key.split('/')
    const began = elapsedMs()
    const workflow = await client.get<Workflow>({ resource: resources.workflows, namespace, name })
    if (!workflow) {
      this.ended(key)
      return 0
    }
    const now = clock.now()
    const progress = this.#known.get(key) ?? new Progress(name, workflow, now)
    this.#known.set(key, progress)
    moved(progress, progress.update(workflow, now))
    if (progress.done) this.ended(key)
    const nodes = Object.keys(workflow.status?.nodes ?? {}).length
    return pauseAfter(elapsedMs() - began, nodes)
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}

/** Small ones as fast as the eye, big ones ten times a second or when a twentieth of the time suffices for them. */
function pauseAfter(tookMs: number, nodes: number): number {
  return Math.min(Math.max(5, tookMs * 20, Math.min(nodes / 10, 100)), 3000)
}

async function watchKeys(
  { client }: FollowOptions,
  labelSelector: string | undefined,
  signal: AbortSignal,
  hear: (key: string) => void,
): Promise<void> {
  const resource = resources.workflows
  const query = { resource, ...(labelSelector !== undefined && { labelSelector }) }
  try {
    for await (const batch of client.watch<KubeObject>(query, signal)) {
      for (const { type, namespace, name } of batch) {
        if (type !== 'BOOKMARK') hear(`${namespace}/${name}`)
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
