import type { PatchOp } from '../../spec/json.ts'

type Container = Record<string, unknown> | unknown[]

/** Applies JSON Patch operations to a plain copy, plainly; throws where RFC 6902 says it is an error. */
export function applyOps<T>(object: T, ops: readonly PatchOp[]): T {
  const copy = structuredClone(object)
  for (const op of ops) applyOne(copy as Container, op)
  return copy
}

function applyOne(root: Container, op: PatchOp): void {
  const segments = op.path
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
  const last = segments.pop() ?? ''
  const parent = segments.reduce<Container>((at, segment) => {
    const next = (at as Record<string, unknown>)[segment]
    if (typeof next !== 'object' || next === null) throw new Error(`no ${segment} in ${op.path}`)
    return next as Container
  }, root)
  if (op.op === 'remove') removeMember(parent, last, op.path)
  else if (op.op !== 'test') setMember(parent, last, structuredClone(op.value))
}

function removeMember(parent: Container, name: string, path: string): void {
  if (Array.isArray(parent) || !(name in parent)) throw new Error(`nothing to remove at ${path}`)
  delete parent[name]
}

function setMember(parent: Container, name: string, value: unknown): void {
  if (!Array.isArray(parent)) parent[name] = value
  else if (name === '-') parent.push(value)
  else parent.splice(Number(name), 0, value)
}
