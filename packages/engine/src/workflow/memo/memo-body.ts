import type { Memoize } from '../../spec/synchronization.ts'
import { early } from '../early-node.ts'
import type { Body, Host } from '../host.ts'
import type { NodeRecord } from '../nodes.ts'
import { findEntry } from './cache-entry.ts'

/** A template whose outputs may be known already: then its node succeeds with them, and nothing of it runs. */
export class MemoBody implements Body {
  readonly #host: Host
  readonly #memoize: Memoize
  readonly #inner: Body

  constructor(host: Host, memoize: Memoize, inner: Body) {
    this.#host = host
    this.#memoize = memoize
    this.#inner = inner
  }

  /** Begins; there may be a node that has waited for a lock. */
  start(existing: NodeRecord | undefined): void {
    const { run } = this.#host
    const { key = '' } = this.#memoize
    const cache = this.#memoize.cache?.configMap?.name ?? ''
    if (cache === '') {
      this.#host.failed('memoize.cache.configMap.name is missing: there is no cache to look into')
      return
    }
    const found = findEntry(run.caches.get(cache), { ...this.#memoize, key }, run.now)
    if (found.kind === 'problem') {
      this.#host.failed(found.problem)
      return
    }
    if (found.kind === 'entry') run.caches.put(cache, key, found.text)
    if (found.kind === 'none' || !found.hit) {
      this.#inner.start(existing)
      return
    }
    const node = existing ?? early(this.#host)
    if (existing === undefined) this.#host.created(node)
    run.nodes.set(node, 'memoizationStatus', { hit: true, key, cacheName: cache })
    run.nodes.set(node, 'outputs', undefined)
    run.setOutputs(node, found.outputs)
    run.mark(node, 'Succeeded')
    this.#host.done(node)
  }
}
