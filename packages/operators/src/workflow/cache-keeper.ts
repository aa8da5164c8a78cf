import type { CacheWrite, KubeObject, World } from '@argosy/engine'
import { type Client, type Ref, resources, StatusError } from '@argosy/kube'
import { controllerNamespace } from './controller-namespace.ts'

interface Surroundings {
  readonly client: Client
  readonly log: (line: string) => void
  /** Reads the ConfigMap again: what was written is in it. */
  readonly reread: (ref: Ref) => Promise<unknown>
}

const labels = { 'workflows.argoproj.io/configmap-type': 'Cache' }

/**
 * ConfigMaps in which memoized outputs are kept. What is put in is seen by everybody at once; it is written beside the
 * Workflow, many entries at a time: losing one with a crash costs no more than a step that runs again.
 */
export class CacheKeeper {
  readonly #around: Surroundings
  readonly #pending = new Map<string, Map<string, string>>()
  readonly #writing = new Map<string, Promise<void>>()

  constructor(around: Surroundings) {
    this.#around = around
  }

  /** The cache of this name; `find` notes what it does not know. */
  get(name: string, find: World['configMap']): ReturnType<World['configMap']> {
    const map = find(name, controllerNamespace)
    const pending = this.#pending.get(name)
    if (pending === undefined) return map
    return { labels, ...map, data: { ...map?.data, ...Object.fromEntries(pending) } }
  }

  save(writes: readonly CacheWrite[]): void {
    for (const { cache, key, text } of writes) {
      const pending = this.#pending.get(cache) ?? new Map<string, string>()
      this.#pending.set(cache, pending.set(key, text))
      if (!this.#writing.has(cache)) this.#writing.set(cache, this.#write(cache))
    }
  }

  /** Everything has been written. */
  async [Symbol.asyncDispose](): Promise<void> {
    while (this.#writing.size > 0) await Promise.all(this.#writing.values())
  }

  async #write(cache: string): Promise<void> {
    const ref = { resource: resources.configMaps, namespace: controllerNamespace, name: cache }
    // What is decided in one turn goes out together.
    await Promise.resolve()
    for (;;) {
      const pending = this.#pending.get(cache) ?? new Map()
      const batch = new Map(pending)
      try {
        await put(this.#around.client, ref, Object.fromEntries(batch))
        await this.#around.reread(ref)
      } catch (error) {
        this.#around.log(`cache ${cache}: ${batch.size} entries are not kept: ${String(error)}`)
      }
      for (const [key, text] of batch) if (pending.get(key) === text) pending.delete(key)
      if (pending.size === 0) break
    }
    this.#pending.delete(cache)
    this.#writing.delete(cache)
  }
}

async function put(
  client: Client,
  ref: Ref,
  data: Readonly<Record<string, string>>,
): Promise<void> {
  try {
    await client.patch(ref, { type: 'merge', body: { metadata: { labels }, data } })
  } catch (error) {
    if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error
    await client.create(ref.resource, configMap(ref, data))
  }
}

function configMap({ name, namespace: at }: Ref, data: Readonly<Record<string, string>>) {
  const metadata = { name, ...(at !== undefined && { namespace: at }), labels }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data } as KubeObject
}
