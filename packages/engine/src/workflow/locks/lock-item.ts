import type { Mutex, SemaphoreRef, Synchronization } from '../../spec/synchronization.ts'

/** One lock that is asked for. */
export interface LockItem {
  /** `ns/Mutex/name`, `ns/ConfigMap/name/key`, or `db:sem/ns/key` and `db:mtx/ns/name` (see `shownName`). */
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
  { configMapKeyRef, database, namespace: own }: SemaphoreRef,
  workflowNamespace: string,
): LockItem | { readonly problem: string } {
  if (configMapKeyRef !== undefined && database !== undefined) {
    return invalid('invalid semaphore with both ConfigMapKeyRef and Database')
  }
  if (database !== undefined) {
    return databaseItem('semaphore', own || workflowNamespace, database.key)
  }
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
  { name = '', namespace, database }: Mutex,
  workflowNamespace: string,
): LockItem | { readonly problem: string } {
  if (database) return databaseItem('mutex', namespace || workflowNamespace, name)
  if (name === '') return invalid('Invalid lock key: ResourceName is missing')
  return { name: `${namespace || workflowNamespace}/Mutex/${name}`, kind: 'mutex' }
}

const prefixes = { semaphore: 'db:sem/', mutex: 'db:mtx/' } as const

/** What holds the limits of a namespace's semaphores in the database: here that is the store with everything else. */
export const databaseLimits = 'database-sync-limits'

function databaseItem(
  kind: LockItem['kind'],
  namespace: string,
  key: string,
): LockItem | { readonly problem: string } {
  if (!key) return invalid('Invalid lock key: ResourceName is missing')
  const name = `${prefixes[kind]}${namespace}/${key}`
  const limitAt = limitPlaceOf(name)
  return { name, kind, ...(limitAt && { limitAt }) }
}

/** Upstream's key of a lock in the database, as `sem/ns/key`; undefined for any other lock. */
export function databaseKeyOf(lockName: string): string | undefined {
  return lockName.startsWith('db:') ? lockName.slice('db:'.length) : undefined
}

/** What a lock is called in statuses and messages: there a semaphore and a mutex of the database have one name. */
export function shownName(lockName: string): string {
  const [, namespace, ...key] = databaseKeyOf(lockName)?.split('/') ?? []
  return namespace === undefined ? lockName : `${namespace}/Database/${key.join('/')}`
}

/** The name of the lock that a status speaks of. */
export function lockNameOf(kind: LockItem['kind'], shown: string): string {
  const [namespace, what, ...key] = shown.split('/')
  return what === 'Database' ? `${prefixes[kind]}${namespace}/${key.join('/')}` : shown
}

/** It has one holder, always. */
export function isMutex(lockName: string): boolean {
  return lockName.startsWith(prefixes.mutex) || lockName.split('/')[1] === 'Mutex'
}

function invalid(why: string): { readonly problem: string } {
  return { problem: `requested configuration is invalid: ${why}` }
}

/** Where the limit of the lock of this name stands; undefined for a mutex. argo: DecodeLockName. */
export function limitPlaceOf(lockName: string): LimitPlace | undefined {
  if (lockName.startsWith(prefixes.semaphore)) {
    const [namespace = '', ...rest] = lockName.slice(prefixes.semaphore.length).split('/')
    return { namespace, name: databaseLimits, key: rest.join('/') }
  }
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
