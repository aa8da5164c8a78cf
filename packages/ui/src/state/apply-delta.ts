import type { PatchOp } from '@argosy/engine'

type Members = Record<string, unknown>
type Container = Members | unknown[]

/**
 * The value after some JSON Patches (add, replace and remove), sharing all that did not change. A container is copied once,
 * however many operations touch it. Throws when a path leads nowhere: then what the reader has is not what was patched.
 */
export function applyDelta<T>(value: T, patches: readonly (readonly PatchOp[])[]): T {
  const draft = new Draft(value)
  for (const op of patches.flat()) draft.apply(op)
  return draft.value as T
}

class Draft {
  value: unknown
  readonly #ours = new Set<unknown>()

  constructor(value: unknown) {
    this.value = value
  }

  apply(op: PatchOp): void {
    const names = op.path.split('/').slice(1).map(unescaped)
    const last = names.pop()
    if (last === undefined) this.value = op.op === 'remove' ? undefined : op.value
    else change(this.#containerAt(names, op.path), last, op)
  }

  #containerAt(names: readonly string[], path: string): Container {
    let at = this.#own(this.value, path)
    this.value = at
    for (const name of names) {
      const inner = this.#own(Object.hasOwn(at, name) ? (at as Members)[name] : undefined, path)
      ;(at as Members)[name] = inner
      at = inner
    }
    return at
  }

  #own(value: unknown, path: string): Container {
    if (typeof value !== 'object' || value === null) throw new Error(`nothing at ${path}`)
    if (this.#ours.has(value)) return value as Container
    const copy: Container = Array.isArray(value) ? [...value] : { ...value }
    this.#ours.add(copy)
    return copy
  }
}

function change(at: Container, name: string, op: PatchOp): void {
  if (!Array.isArray(at)) {
    if (op.op === 'remove') delete at[name]
    else at[name] = op.value
    return
  }
  const index = name === '-' ? at.length : Number(name)
  if (op.op === 'remove') at.splice(index, 1)
  else if (op.op === 'add') at.splice(index, 0, op.value)
  else at[index] = op.value
}

function unescaped(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~')
}
