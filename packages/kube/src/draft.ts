import { isObject, type Json, type JsonObject, type PatchOp } from '@argosy/engine'
import { deepFreeze, equalJson, frozenCopy, isArray, member, put } from './json-value.ts'
import { StatusError } from './status-error.ts'

/** Every operation of RFC 6902. */
export type JsonPatchOp =
  | PatchOp
  | { readonly op: 'copy' | 'move'; readonly from: string; readonly path: string }

type Members = Record<string, Json | undefined>
type Items = Json[]

/**
 * A JSON value while it is being changed. A container is copied once, when it is first touched, and then changed in
 * place: a patch costs its own size, however big the value is and however many patches came before it.
 *
 * 1. What is not owned is never written to: it is shared with earlier values.
 * 2. What goes in is frozen, so that nobody changes it behind our back; `seal` freezes what we own and hands it out.
 * 3. A refused operation leaves no trace once `rollback` has been called.
 */
export class Draft {
  #root: Json
  readonly #owned = new Set<object>()
  #changes: PatchOp[] = []
  #undo: (() => void)[] = []

  constructor(root: Json) {
    this.#root = root
  }

  /** The value as it is now: valid until the next change. */
  get root(): Json {
    return this.#root
  }

  /** What was really changed since the last `take`, in `add`, `replace` and `remove` only; repetitions are left out. */
  get changes(): readonly PatchOp[] {
    return this.#changes
  }

  apply(ops: readonly JsonPatchOp[]): void {
    for (const op of ops) this.#apply(op)
  }

  /** Sets a member of the root without counting it as a change. */
  assign(name: string, value: Json): void {
    put(this.#ownRoot(), name, value)
  }

  /** Accepts the changes so far and returns them. */
  take(): readonly PatchOp[] {
    const changes = this.#changes
    this.#changes = []
    this.#undo = []
    return changes
  }

  /** Undoes everything since the last `take`. */
  rollback(): void {
    while (this.#undo.length > 0) this.#undo.pop()?.()
    this.#changes = []
  }

  /** The value, frozen; the draft may be used further and will copy what it touches again. */
  seal(): Json {
    for (const container of this.#owned) Object.freeze(container)
    this.#owned.clear()
    return this.#root
  }

  #apply(op: JsonPatchOp): void {
    if (op.op === 'add') this.#add(op.path, deepFreeze(op.value ?? null))
    else if (op.op === 'replace') this.#replace(op.path, deepFreeze(op.value ?? null))
    else if (op.op === 'remove') this.#remove(op.path)
    else if (op.op === 'test') this.#test(op.path, op.value ?? null)
    else if (op.op === 'copy') this.#add(op.path, this.#source(op))
    else if (op.op === 'move') this.#move(op.from, op.path, this.#source(op))
    else throw refused(`Unexpected kind: ${(op as { op: unknown }).op}`)
  }

  #test(path: string, wanted: Json): void {
    const value = valueAt(this.#root, path)
    // A member that is not there is null, as the library of Kubernetes takes it.
    const isAbsent = value === undefined && isObject(valueAt(this.#root, parentOf(path)))
    if (equalJson(isAbsent ? null : value, wanted)) return
    throw refused(`testing value ${path} failed: test failed`)
  }

  #source(op: { op: string; from: string }): Json {
    const value = valueAt(this.#root, op.from)
    if (value !== undefined) return frozenCopy(value)
    throw missing(`${op.op} operation does not apply: doc is missing from path: ${op.from}`)
  }

  #move(from: string, path: string, value: Json): void {
    if (from === path) return
    if (path.startsWith(`${from}/`)) throw refused(`cannot move ${from} into itself`)
    this.#remove(from)
    this.#add(path, value)
  }

  #add(path: string, value: Json): void {
    const segments = segmentsOf(path)
    const last = segments.pop()
    if (last === undefined) {
      this.#replaceRoot(value)
      return
    }
    const parent = this.#own(
      segments,
      () => `add operation does not apply: doc is missing path: "${path}"`,
    )
    if (Array.isArray(parent)) this.#insert(parent, indexOf(last, parent.length, path), value)
    else if (!this.#put(parent, last, value)) return
    this.#changes.push({ op: 'add', path, value })
  }

  #replace(path: string, value: Json): void {
    const segments = segmentsOf(path)
    const last = segments.pop()
    if (last === undefined) {
      this.#replaceRoot(value)
      return
    }
    const parent = this.#own(
      segments,
      () => `replace operation does not apply: doc is missing path: ${path}`,
    )
    const isNew = at(parent, last) === undefined
    // Kubernetes' library adds a member that is not there yet.
    if (isNew && isArray(parent))
      throw missing(`replace operation does not apply: doc is missing key: ${path}`)
    const op = isNew ? 'add' : 'replace'
    if (this.#put(parent, last, value)) this.#changes.push({ op, path, value })
  }

  #remove(path: string): void {
    const segments = segmentsOf(path)
    const last = segments.pop()
    if (last === undefined) throw refused('the whole document cannot be removed')
    const parent = this.#own(
      segments,
      () => `remove operation does not apply: doc is missing path: "${path}"`,
    )
    const old = at(parent, last)
    if (old === undefined)
      throw missing(
        `error in remove for path: '${path}': Unable to remove nonexistent key: ${last}`,
      )
    if (Array.isArray(parent)) {
      parent.splice(Number(last), 1)
      this.#undo.push(() => parent.splice(Number(last), 0, old))
    } else {
      delete parent[last]
      this.#undo.push(() => put(parent, last, old))
    }
    this.#changes.push({ op: 'remove', path })
  }

  #replaceRoot(value: Json): void {
    const old = this.#root
    if (equalJson(old, value)) return
    this.#root = value
    this.#undo.push(() => {
      this.#root = old
    })
    this.#changes.push({ op: 'replace', path: '', value })
  }

  #insert(items: Items, index: number, value: Json): void {
    if (index === items.length) {
      items.push(value)
      this.#undo.push(() => items.pop())
    } else {
      items.splice(index, 0, value)
      this.#undo.push(() => items.splice(index, 1))
    }
  }

  /** False when the value is there already. */
  #put(parent: Members | Items, name: string, value: Json): boolean {
    const container = parent as Members
    const old = Object.hasOwn(container, name) ? container[name] : undefined
    if (equalJson(old, value)) return false
    put(container, name, value)
    this.#undo.push(() => {
      if (old === undefined) delete container[name]
      else put(container, name, old)
    })
    return true
  }

  /** The container at a path, ours to change. */
  #own(segments: readonly string[], complaint: () => string): Members | Items {
    let container: Members | Items = this.#ownRoot()
    for (const segment of segments) {
      const inner: Json | undefined = at(container, segment)
      if (typeof inner !== 'object' || inner === null) throw missing(complaint())
      container = this.#ownInner(container as Members, segment, inner as Members | Items)
    }
    return container
  }

  #ownRoot(): Members {
    const root = this.#root
    if (typeof root !== 'object' || root === null) throw refused('the document is no object')
    if (this.#owned.has(root)) return root as Members
    const copy = shallowCopy(root as Members)
    this.#owned.add(copy)
    this.#root = copy
    return copy as Members
  }

  #ownInner(parent: Members, name: string, inner: Members | Items): Members | Items {
    if (this.#owned.has(inner)) return inner
    const copy = shallowCopy(inner)
    this.#owned.add(copy)
    put(parent, name, copy)
    return copy
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** The value at a JSON pointer; undefined when there is none. */
export function valueAt(root: Json | undefined, path: string): Json | undefined {
  let value = root
  for (const segment of segmentsOf(path)) {
    if (typeof value !== 'object' || value === null) return undefined
    value = at(value as Members | Items, segment)
  }
  return value
}

function at(container: Members | Items, segment: string): Json | undefined {
  if (!isArray(container)) return member(container, segment)
  return isIndex(segment) ? container[Number(segment)] : undefined
}

function shallowCopy(container: Members | Items): Members | Items {
  return Array.isArray(container) ? container.slice() : { ...(container as JsonObject) }
}

function segmentsOf(path: string): string[] {
  if (path === '') return []
  if (typeof path !== 'string' || path[0] !== '/') throw refused(`invalid JSON pointer: "${path}"`)
  const segments = path.split('/')
  segments.shift()
  if (!path.includes('~')) return segments
  return segments.map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function isIndex(segment: string): boolean {
  return /^(0|[1-9]\d*)$/.test(segment)
}

function indexOf(segment: string, length: number, path: string): number {
  if (segment === '-') return length
  const index = isIndex(segment) ? Number(segment) : Number.NaN
  if (index <= length) return index
  throw refused(
    `add operation does not apply: doc is missing path: "${path}": invalid index referenced`,
  )
}

function missing(message: string): StatusError {
  return refused(`${message}: missing value`)
}

function refused(message: string): StatusError {
  // Kubernetes says no more than this at the top; the reason is worth having.
  const top = 'the server rejected our request due to an error in our request'
  return new StatusError('Invalid', top, { details: { causes: [{ field: 'patch', message }] } })
}
