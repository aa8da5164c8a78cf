import type { JsonObject, Pod } from '@argosy/engine'
import type { Change } from '../../store/feed.ts'
import type { Store } from '../../store/store.ts'

/** What is to be read. */
interface Wanted {
  readonly namespace: string
  readonly name: string
}

/** Of a step: where its files come from and go to, and whose keys that needs. */
export const templateAnnotation = 'workflows.argoproj.io/template'

/**
 * Which objects nodes need: those that pods name which they run and which have not ended. Kubernetes' node authorizer
 * knows every field that can name one; here any text of the pod's spec, or of its step, that is the name counts. Who may
 * write those could mount what they name, so this gives nobody more.
 */
export class NodeReach {
  readonly #store: Pick<Store, 'list' | 'listen' | 'get'>
  readonly #nodeOf = new Map<string, string>()
  readonly #pods = new Map<string, Set<string>>()
  #isListening = false

  constructor(store: Pick<Store, 'list' | 'listen' | 'get'>) {
    this.#store = store
  }

  reaches(node: string, { namespace, name }: Wanted): boolean {
    this.#listen()
    for (const key of this.#pods.get(node) ?? []) {
      const [space = '', pod = ''] = key.split('/')
      if (space !== namespace) continue
      const found = this.#store.get({ collection: 'pods', namespace, name: pod })?.value
      if (found && names(found as unknown as Pod, name)) return true
    }
    return false
  }

  /** Not before a node of its own has asked: most servers have none. */
  #listen(): void {
    if (this.#isListening) return
    this.#isListening = true
    for (const { key, value } of this.#store.list('pods'))
      this.#put(`${key.namespace}/${key.name}`, value as unknown as Pod)
    this.#store.listen((changes) => {
      for (const change of changes) this.#hear(change)
    })
  }

  #hear({ type, version }: Change): void {
    const { collection, namespace, name } = version.key
    if (collection !== 'pods') return
    const pod = type === 'DELETED' ? undefined : (version.value as unknown as Pod)
    this.#put(`${namespace}/${name}`, pod)
  }

  #put(key: string, pod: Pod | undefined): void {
    const node = pod && !hasEnded(pod) ? (pod.spec.nodeName ?? '') : ''
    const before = this.#nodeOf.get(key) ?? ''
    if (node === before) return
    if (before !== '') this.#pods.get(before)?.delete(key)
    this.#nodeOf.delete(key)
    if (node === '') return
    this.#nodeOf.set(key, node)
    const there = this.#pods.get(node)
    if (there) there.add(key)
    else this.#pods.set(node, new Set([key]))
  }
}

function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}

function names({ metadata, spec }: Pod, name: string): boolean {
  const quoted = JSON.stringify(name)
  const step = metadata.annotations?.[templateAnnotation] ?? ''
  return step.includes(quoted) || JSON.stringify(spec as unknown as JsonObject).includes(quoted)
}
