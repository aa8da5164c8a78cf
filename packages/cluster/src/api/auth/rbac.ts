import type { JsonObject } from '@argosy/engine'
import type { Change } from '../../store/feed.ts'
import type { Store } from '../../store/store.ts'
import type { Attributes, Identity, Verdict } from '../http/identity.ts'
import { type Grant, grantOf, keysOf, type RoleRef, rbacGroup, reasonOf } from './grants.ts'
import { allows, type PolicyRule, rulesIn } from './rules.ts'

const roles = { Role: `roles.${rbacGroup}`, ClusterRole: `clusterroles.${rbacGroup}` } as const
const bindings = [`rolebindings.${rbacGroup}`, `clusterrolebindings.${rbacGroup}`]
const collections: readonly string[] = [...Object.values(roles), ...bindings]

export const masters = 'system:masters'

/** A way by which somebody holds rights. */
interface Held {
  readonly grant: Grant
  readonly key: string
}

/**
 * Who may do what by the roles and bindings of a store, always as of its last commit.
 * A check is a few look-ups: bindings lie ready by namespace and subject, the rules of roles by their names.
 */
export class Rbac {
  readonly #rules = new Map<string, readonly PolicyRule[]>()
  readonly #grants = new Map<string, Grant>()
  readonly #bySubject = new Map<string, Set<Grant>>()

  constructor(store: Pick<Store, 'list' | 'listen'>) {
    for (const collection of collections) {
      for (const { key, value } of store.list(collection)) {
        this.#put(collection, `${key.namespace}/${key.name}`, value as unknown as JsonObject)
      }
    }
    store.listen((changes) => {
      for (const change of changes) this.#hear(change)
    })
  }

  /** The masters may do everything; others what a role that is bound to them allows. */
  decide({ identity, ...wish }: Attributes): Verdict {
    if (identity.groups.includes(masters)) return { allowed: true, reason: '' }
    const missing: string[] = []
    for (const { grant, key } of this.#held(identity, wish.namespace ?? '')) {
      const rules = this.rulesOf(grant.role, grant.namespace)
      if (!rules) missing.push(absent(grant.role))
      else if (allows(rules, wish)) return { allowed: true, reason: whyOf(grant, key) }
    }
    const reason = missing.length === 0 ? '' : `RBAC: ${listed([...new Set(missing)])}`
    return { allowed: false, reason }
  }

  /** Everything that somebody may do in a namespace, or at the cluster scope when it is ''. */
  rulesFor(identity: Identity, namespace: string): readonly PolicyRule[] {
    const own = [...this.#held(identity, namespace)].flatMap(
      ({ grant }) => this.rulesOf(grant.role, grant.namespace) ?? [],
    )
    return identity.groups.includes(masters) ? [...everything, ...own] : own
  }

  /** The rules of a role; undefined when it does not exist. */
  rulesOf({ kind, name }: RoleRef, namespace: string): readonly PolicyRule[] | undefined {
    return this.#rules.get(`${roles[kind]}/${kind === 'Role' ? namespace : ''}/${name}`)
  }

  *#held(identity: Identity, namespace: string): Generator<Held> {
    const scopes = namespace === '' ? [''] : ['', namespace]
    for (const scope of scopes) {
      for (const key of keysOf(identity)) {
        for (const grant of this.#bySubject.get(`${scope}/${key}`) ?? []) yield { grant, key }
      }
    }
  }

  #hear({ type, version }: Change): void {
    const { collection, namespace, name } = version.key
    if (!collections.includes(collection)) return
    const value = type === 'DELETED' ? undefined : (version.value as unknown as JsonObject)
    this.#put(collection, `${namespace}/${name}`, value)
  }

  #put(collection: string, place: string, object: JsonObject | undefined): void {
    const key = `${collection}/${place}`
    if (bindings.includes(collection)) this.#bind(key, object && grantOf(object))
    else if (object) this.#rules.set(key, rulesIn(object))
    else this.#rules.delete(key)
  }

  #bind(key: string, grant: Grant | undefined): void {
    const old = this.#grants.get(key)
    if (old) {
      for (const index of indexesOf(old)) this.#unlist(index, old)
      this.#grants.delete(key)
    }
    if (!grant) return
    this.#grants.set(key, grant)
    for (const index of indexesOf(grant)) {
      const set = this.#bySubject.get(index)
      if (set) set.add(grant)
      else this.#bySubject.set(index, new Set([grant]))
    }
  }

  #unlist(index: string, grant: Grant): void {
    const set = this.#bySubject.get(index)
    set?.delete(grant)
    if (set?.size === 0) this.#bySubject.delete(index)
  }
}

const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
]

function indexesOf({ namespace, subjects }: Grant): readonly string[] {
  return subjects.map(({ key }) => `${namespace}/${key}`)
}

function whyOf(grant: Grant, key: string): string {
  const subject = grant.subjects.find((one) => one.key === key)
  return subject ? reasonOf(grant, subject) : ''
}

function absent({ kind, name }: RoleRef): string {
  return `${kind.toLowerCase()}.${rbacGroup} ${JSON.stringify(name)} not found`
}

function listed(texts: readonly string[]): string {
  return texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`
}
