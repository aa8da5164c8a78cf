import type { CacheWrite } from '../decision.ts'
import type { Host } from '../host.ts'
import type { NodeRecord } from '../nodes.ts'
import type { World } from '../world.ts'
import { type CacheMap, newEntry, sizeOf, sizeOfEntry } from './cache-entry.ts'

/** A cache with what this pass has put in. */
interface Known extends CacheMap {
  readonly data: Record<string, string>
  bytes: number
}

/**
 * The caches of one run: what the world knows, with what the run itself has put in and nobody has seen yet. Each is
 * copied once in a pass that asks for it.
 */
export class RunCaches {
  readonly #world: World
  #writes: CacheWrite[] = []
  readonly #known = new Map<string, Known | undefined>()

  constructor(world: World) {
    this.#world = world
  }

  get(name: string): CacheMap | undefined {
    return this.#find(name)
  }

  /** How large the ConfigMap is. */
  bytesOf(name: string): number {
    return this.#find(name)?.bytes ?? 0
  }

  #find(name: string): Known | undefined {
    if (this.#known.has(name)) return this.#known.get(name)
    const map = this.#world.cache?.(name)
    const known = map && { ...map, data: { ...map.data }, bytes: sizeOf(map) }
    this.#known.set(name, known)
    return known
  }

  put(cache: string, key: string, text: string): void {
    this.#writes.push({ cache, key, text })
    const empty: Known = { labels: ownLabels, data: {}, bytes: 0 }
    const known = this.#find(cache) ?? empty
    this.#known.set(cache, known)
    const before = Object.hasOwn(known.data, key) ? sizeOfEntry(key, known.data[key] ?? '') : 0
    known.bytes += sizeOfEntry(key, text) - before
    known.data[key] = text
  }

  take(): readonly CacheWrite[] {
    const writes = this.#writes
    this.#writes = []
    this.#known.clear()
    return writes
  }
}

const ownLabels = { 'workflows.argoproj.io/configmap-type': 'Cache' }

/** Keeps the outputs of a node that succeeds; the result is why that is not possible. */
export function remember(
  { run, template }: Pick<Host, 'run' | 'template'>,
  node: NodeRecord,
): string | undefined {
  const { memoize } = template
  const cache = memoize?.cache?.configMap?.name
  if (memoize === undefined || cache === undefined) return undefined
  const { id: nodeID, status } = node
  const { key = '' } = memoize
  const bytes = run.caches.bytesOf(cache)
  const entry = { key, nodeID, outputs: status.outputs, now: run.now, bytes }
  const made = newEntry(run.caches.get(cache), cache, entry)
  if ('problem' in made) return made.problem
  run.caches.put(cache, key, made.text)
  return undefined
}
