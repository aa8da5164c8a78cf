import type { FieldRequirement, JsonObject, KubeObject } from '@argosy/engine'
import {
  fieldSelector,
  type ListQuery,
  labelSelector,
  StatusError,
  valueAt,
  type WatchEvent,
} from '@argosy/kube'
import type { Change } from '../store/feed.ts'
import type { ObjectVersion } from '../store/object-version.ts'
import type { Kind } from './kinds.ts'

type Test = (version: ObjectVersion) => boolean

/** Which objects a list or a watch wants; `undefined` means all. */
export function selection(kind: Kind, query: ListQuery): Test | undefined {
  const tests: Test[] = []
  const { namespace } = query
  if (namespace !== undefined) tests.push((version) => version.namespace === namespace)
  if (query.labelSelector) {
    const matches = labelSelector(query.labelSelector)
    tests.push((version) => matches(version.metadata.labels))
  }
  if (query.fieldSelector) {
    tests.push(...fieldSelector(query.fieldSelector).map((clause) => fieldTest(kind, clause)))
  }
  if (tests.length === 0) return undefined
  return (version) => tests.every((test) => test(version))
}

function fieldTest(kind: Kind, { field, equal, value }: FieldRequirement): Test {
  const read = reader(kind, field)
  return (version) => (read(version) === value) === equal
}

function reader(kind: Kind, field: string): (version: ObjectVersion) => string {
  if (field === 'metadata.name') return (version) => version.name
  if (field === 'metadata.namespace') return (version) => version.namespace
  const known = Object.hasOwn(kind.fields, field) ? kind.fields[field] : undefined
  if (!known) throw new StatusError('BadRequest', `field label not supported: ${field}`)
  const { pointer, absent = '' } = known
  return (version) => {
    const value = valueAt(version.value as unknown as JsonObject, pointer)
    return value === undefined || value === null || value === '' ? absent : String(value)
  }
}

/**
 * What a watcher hears of a change: an object that begins to match is added, one that ceases to match is deleted, as it
 * was when it last matched, with the new resourceVersion.
 */
export function eventOf<T extends KubeObject>(matches: Test | undefined) {
  if (!matches) {
    return ({ type, version }: Change): WatchEvent<T> | undefined =>
      new LazyEvent<T>(type, version, version)
  }
  return (change: Change) => transition<T>(change, matches)
}

function transition<T extends KubeObject>(
  { type, version, before }: Change,
  matches: Test,
): WatchEvent<T> | undefined {
  const left = before !== undefined && matches(before) ? before : undefined
  if (type === 'DELETED') return left && new LazyEvent<T>(type, version, version)
  if (matches(version)) return new LazyEvent<T>(left ? 'MODIFIED' : 'ADDED', version, version)
  return left && new LazyEvent<T>('DELETED', version, left)
}

class LazyEvent<T extends KubeObject> implements WatchEvent<T> {
  readonly type: Change['type']
  readonly #version: ObjectVersion
  readonly #shown: ObjectVersion

  constructor(type: Change['type'], version: ObjectVersion, shown: ObjectVersion) {
    this.type = type
    this.#version = version
    this.#shown = shown
  }

  get namespace(): string {
    return this.#version.namespace
  }

  get name(): string {
    return this.#version.name
  }

  get resourceVersion(): string {
    return this.#version.resourceVersion
  }

  get object(): T {
    const { value } = this.#shown
    if (this.#shown === this.#version) return value as T
    const metadata = Object.freeze({ ...value.metadata, resourceVersion: this.resourceVersion })
    return Object.freeze({ ...value, metadata }) as T
  }
}
