import type { Mutex, SemaphoreRef, Synchronization } from '../../spec/synchronization.ts'

/** One lock that is asked for. */
export interface LockItem {
  /** `ns/Mutex/name`, `ns/ConfigMap/name/key`: what it is called in statuses and messages. */
  readonly name: string
  readonly kind: 'semaphore' | 'mutex'
  /** Where the limit of a semaphore stands. */
  readonly limitAt?: LimitPlace
}

export interface LimitPlace {
  readonly namespace: string
  readonly name: string
  readonly key: string
}

/** The locks of a `synchronization`, semaphores first, each once. argo: allSyncItems. */
export function lockItems(
  { semaphores = [], mutexes = [] }: Synchronization,
  namespace: string,
): readonly LockItem[] | { readonly problem: string } {
  if (repeats(semaphores) || repeats(mutexes)) {
    return { problem: 'requested configuration is invalid: duplicate synchronization item found' }
  }
  const items = new Map<string, LockItem>()
  for (const ref of semaphores) {
    const item = semaphoreItem(ref, namespace)
    if ('problem' in item) return item
    items.set(item.name, item)
  }
  for (const ref of mutexes) {
    const item = mutexItem(ref, namespace)
    if ('problem' in item) return item
    items.set(item.name, item)
  }
  return [...items.values()]
}

function repeats(refs: readonly object[]): boolean {
  return new Set(refs.map((ref) => JSON.stringify(Object.entries(ref).sort()))).size < refs.length
}

function semaphoreItem(
  { configMapKeyRef, namespace: own }: SemaphoreRef,
  workflowNamespace: string,
): LockItem | { readonly problem: string } {
  if (configMapKeyRef === undefined) {
    return invalid('cannot get LockName for a Semaphore without a ConfigMapRef or Database')
  }
  const { name = '', key } = configMapKeyRef
  const namespace = own || workflowNamespace
  if (name === '') return invalid('Invalid lock key: ResourceName is missing')
  if (key === '') return invalid('Invalid lock key: Key is missing for ConfigMap lock')
  const limitAt = { namespace, name, key }
  return { name: `${namespace}/ConfigMap/${name}/${key}`, kind: 'semaphore', limitAt }
}

function mutexItem(
  { name = '', namespace }: Mutex,
  workflowNamespace: string,
): LockItem | { readonly problem: string } {
  if (name === '') return invalid('Invalid lock key: ResourceName is missing')
  return { name: `${namespace || workflowNamespace}/Mutex/${name}`, kind: 'mutex' }
}

function invalid(why: string): { readonly problem: string } {
  return { problem: `requested configuration is invalid: ${why}` }
}

/** Where the limit of the lock of this name stands; undefined for a mutex. argo: DecodeLockName. */
export function limitPlaceOf(lockName: string): LimitPlace | undefined {
  const [namespace, kind, name, key, more] = lockName.split('/')
  if (kind !== 'ConfigMap' || !namespace || !name || !key || more !== undefined) return undefined
  return { namespace, name, key }
}

/** The limit that a ConfigMap gives; undefined when it gives none that is a whole number. */
export function limitIn(
  map: { readonly data?: Readonly<Record<string, string>> } | undefined,
  key: string,
): number | undefined {
  const text = map?.data?.[key] ?? ''
  return /^[+-]?\d+$/.test(text) ? Number(text) : undefined
}
