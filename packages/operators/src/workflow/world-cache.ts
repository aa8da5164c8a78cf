import type { KubeObject, WorkflowTemplate, World } from '@argosy/engine'
import {
  type Client,
  isYaml,
  parseYaml,
  type Ref,
  type Resource,
  resources,
  type WatchEvent,
} from '@argosy/kube'
import { type ConfigMap, repositoriesIn } from './artifact-repositories.ts'
import type { Reader } from './follow.ts'

/** What somebody looked for in the caches and did not find. */
export type Missed = Map<string, Ref>

/**
 * Templates and ConfigMaps, kept for lookups that cannot wait. The caches trail the server a little: `fetchMissed`
 * asks it before anybody may conclude that something does not exist.
 */
export class WorldCache {
  readonly #client: Client
  readonly #changed: () => void
  readonly #kept = new Map<Resource, Map<string, KubeObject>>()

  constructor(client: Client, changed: () => void) {
    this.#client = client
    this.#changed = changed
  }

  /** Keeps one kind, as `follow` tells it. */
  reader(resource: Resource): Reader<KubeObject> {
    return {
      start: (items) => {
        const kept = this.#of(resource)
        kept.clear()
        for (const item of items) kept.set(keyOf(item.metadata), item)
        this.#changed()
      },
      hear: (batch) => {
        for (const event of batch) this.#hear(resource, event)
        this.#changed()
      },
    }
  }

  /** The world as one workflow sees it; what it looks for in vain is noted in `missed`. */
  seenFrom(namespace: string, missed: Missed): World {
    const find = <T extends KubeObject>(ref: Ref): T | undefined => {
      const found = this.#of(ref.resource).get(keyOf(ref))
      if (!found) missed.set(`${ref.resource.plural}/${keyOf(ref)}`, ref)
      return found as T | undefined
    }
    return {
      template: ({ name, clusterScope }) =>
        find<WorkflowTemplate>(
          clusterScope
            ? { resource: resources.clusterWorkflowTemplates, name }
            : { resource: resources.workflowTemplates, namespace, name },
        ),
      repositories: repositoriesIn((name, from) =>
        find<ConfigMap>({ resource: resources.configMaps, namespace: from, name }),
      ),
      configMap: (name, from) => {
        const found = find<ConfigMap>({ resource: resources.configMaps, namespace: from, name })
        if (!found) return undefined
        const { labels } = found.metadata
        return { ...(found.data && { data: found.data }), ...(labels && { labels }) }
      },
      parseYaml,
      isYaml,
    }
  }

  /** Asks the server for what was missed; true when something was there after all. */
  async fetchMissed(missed: Missed, signal: AbortSignal): Promise<boolean> {
    let found = false
    for (const ref of missed.values()) {
      const object = await this.#client.get<KubeObject>(ref, signal)
      if (!object) continue
      this.#of(ref.resource).set(keyOf(ref), object)
      found = true
    }
    missed.clear()
    return found
  }

  #hear(resource: Resource, event: WatchEvent<KubeObject>): void {
    if (event.type === 'BOOKMARK') return
    const kept = this.#of(resource)
    if (event.type === 'DELETED') kept.delete(keyOf(event))
    else kept.set(keyOf(event), event.object)
  }

  #of(resource: Resource): Map<string, KubeObject> {
    const kept = this.#kept.get(resource)
    if (kept) return kept
    const fresh = new Map<string, KubeObject>()
    this.#kept.set(resource, fresh)
    return fresh
  }
}

function keyOf(place: { readonly namespace?: string; readonly name?: string }): string {
  return `${place.namespace ?? ''}/${place.name ?? ''}`
}
