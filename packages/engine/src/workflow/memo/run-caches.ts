import type { CacheWrite } from '../decision.ts'
import type { Host } from '../host.ts'
import type { NodeRecord } from '../nodes.ts'
import type { World } from '../world.ts'
import { type CacheMap, newEntry } from './cache-entry.ts'

/** The caches of one run: what the world knows, with what the run itself has put in and nobody has seen yet. */
export class RunCaches {
  readonly #world: World
  #writes: CacheWrite[] = []

  constructor(world: World) {
    this.#world = world
  }

  get(name: string): CacheMap | undefined {
    const map = this.#world.cache?.(name)
    const own = this.#writes.filter((write) => write.cache === name)
    if (own.length === 0) return map
    const added = Object.fromEntries(own.map(({ key, text }) => [key, text]))
    const labels = { 'workflows.argoproj.io/configmap-type': 'Cache' }
    return { labels, ...map, data: { ...map?.data, ...added } }
  }

  put(cache: string, key: string, text: string): void {
    this.#writes.push({ cache, key, text })
  }

  take(): readonly CacheWrite[] {
    const writes = this.#writes
    this.#writes = []
    return writes
  }
}

/** Keeps the outputs of a node that succeeds; the result is why that is not possible. */
export function remember(
  { run, template }: Pick<Host, 'run' | 'template'>,
  node: NodeRecord,
): string | undefined {
  const { memoize } = template
  const cache = memoize?.cache?.configMap?.name
  if (memoize === undefined || cache === undefined) return undefined
  const { id: nodeID, status } = node
  const { key } = memoize
  const entry = { key, nodeID, outputs: status.outputs, now: run.now }
  const made = newEntry(run.caches.get(cache), cache, entry)
  if ('problem' in made) return made.problem
  run.caches.put(cache, key, made.text)
  return undefined
}
