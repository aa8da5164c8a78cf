/** One step of a field's path, as fieldsV1 writes it: `f:name`, `k:{"name":"x"}`, `v:"x"`. */
export type Step = string

export type FieldPath = readonly Step[]

/** A set of fields. A node is in the set itself, or holds others that are, or both. */
export interface FieldSet {
  readonly self: boolean
  readonly children: ReadonlyMap<Step, FieldSet>
}

export const noFields: FieldSet = { self: false, children: new Map() }

export function isEmptySet({ self, children }: FieldSet): boolean {
  return !self && children.size === 0
}

interface Draft {
  self: boolean
  readonly children: Map<Step, Draft>
}

export function setOfPaths(paths: Iterable<FieldPath>): FieldSet {
  const root: Draft = { self: false, children: new Map() }
  for (const path of paths) {
    let node = root
    for (const step of path) node = childOf(node, step)
    node.self = true
  }
  return root
}

function childOf(node: Draft, step: Step): Draft {
  const known = node.children.get(step)
  if (known) return known
  const child: Draft = { self: false, children: new Map() }
  node.children.set(step, child)
  return child
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(b)) return a
  if (isEmptySet(a)) return b
  const children = new Map(a.children)
  for (const [step, theirs] of b.children) {
    const ours = children.get(step)
    children.set(step, ours ? union(ours, theirs) : theirs)
  }
  return { self: a.self || b.self, children }
}

export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(a) || isEmptySet(b)) return a
  const children = new Map<Step, FieldSet>()
  for (const [step, ours] of a.children) {
    const theirs = b.children.get(step)
    const left = theirs ? difference(ours, theirs) : ours
    if (!isEmptySet(left)) children.set(step, left)
  }
  return { self: a.self && !b.self, children }
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<Step, FieldSet>()
  for (const [step, ours] of a.children) {
    const theirs = b.children.get(step)
    const both = theirs ? intersection(ours, theirs) : noFields
    if (!isEmptySet(both)) children.set(step, both)
  }
  return { self: a.self && b.self, children }
}

export function equalSets(a: FieldSet, b: FieldSet): boolean {
  return isEmptySet(difference(a, b)) && isEmptySet(difference(b, a))
}

/** A set without a member of the object and all in it. */
export function without(set: FieldSet, ...steps: readonly Step[]): FieldSet {
  if (!steps.some((step) => set.children.has(step))) return set
  const children = new Map(set.children)
  for (const step of steps) children.delete(step)
  return { self: set.self, children }
}

/** The fields in the set: those of one level before what is below them. */
export function pathsOf(set: FieldSet, path: FieldPath = []): readonly FieldPath[] {
  const steps = sortedSteps(set)
  const here = steps.filter((step) => set.children.get(step)?.self)
  const below = steps.flatMap((step) =>
    pathsOf(set.children.get(step) ?? noFields, [...path, step]),
  )
  return [...here.map((step) => [...path, step]), ...below]
}

/** Members before keyed items, those before values. */
export function sortedSteps({
  children,
}: {
  readonly children: ReadonlyMap<Step, unknown>
}): readonly Step[] {
  const steps = [...children.keys()]
  return steps.length < 2
    ? steps
    : steps.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0))
}

function rank(step: Step): number {
  return 'fkvi'.indexOf(step.charAt(0))
}

/** A path as Kubernetes shows it: `.spec.containers[name="x"].image`. */
export function pathText(path: FieldPath): string {
  return path.map(stepText).join('')
}

function stepText(step: Step): string {
  const rest = step.slice(2)
  if (step.startsWith('f:')) return `.${rest}`
  if (step.startsWith('v:')) return `[=${rest}]`
  if (step.startsWith('i:')) return `[${rest}]`
  const keys = Object.entries(JSON.parse(rest) as Record<string, unknown>)
  return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`
}
