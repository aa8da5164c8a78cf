import type { Impure } from '../expr/functions/impure.ts'
import type { Variables } from '../expr/tags.ts'
import type { Artifact } from '../spec/workflow.ts'

type Leaf = string | null
type Tree = { [segment: string]: Tree | Leaf | Artifact }
type Branch = Tree | Leaf | Artifact

/**
 * The variables that a template sees, over those of its parent.
 *
 * 1. Names are flat (`steps.a.outputs.result`); `lookup` only walks the chain of scopes.
 * 2. Expressions see nested maps. A root's map is built when an expression first reads it and kept
 *    up to date by `set` afterwards, so neither costs the number of entries again.
 * 3. When both `a` and `a.b` exist, expressions see only the map: `a` is dropped.
 */
export class Scope implements Variables {
  readonly #parent: Scope | undefined
  readonly #values = new Map<string, Leaf>()
  #lazy: Map<string, () => string> | undefined
  #artifacts: Map<string, Artifact | null> | undefined
  /** Only once an expression has asked: most scopes are never seen by one. */
  #index: Index | undefined
  #environment: { readonly roots: number; readonly value: Record<string, unknown> } | undefined
  #version = 0
  #impure: Impure | undefined

  constructor(parent?: Scope) {
    this.#parent = parent
  }

  /** Time and chance for the functions in expressions: its own or those of the nearest scope above. */
  get impure(): Impure | undefined {
    const parent = this.#parent
    return this.#impure ?? (parent === undefined ? undefined : parent.impure)
  }

  set impure(impure: Impure | undefined) {
    this.#impure = impure
  }

  child(): Scope {
    return new Scope(this)
  }

  /** `null` is known but absent: the output of a skipped step that has no default. */
  set(name: string, value: string | null): void {
    const before = this.#values.get(name)
    if (before === value && (value !== null || this.#values.has(name))) return
    const isNew = before === undefined
    this.#values.set(name, value)
    this.#lazy?.delete(name)
    this.#version++
    if (this.#index !== undefined) noteChange(this.#index, name, value, isNew)
  }

  /** A value that is only worked out when somebody asks for it. */
  setLazy(name: string, make: () => string): void {
    this.set(name, '')
    this.#lazy ??= new Map()
    this.#lazy.set(name, make)
  }

  /** `null` is a producer that was skipped: there, but without a location. */
  setArtifact(name: string, artifact: Artifact | null): void {
    this.#artifacts ??= new Map()
    this.#artifacts.set(name, artifact)
  }

  lookup(name: string): string | null | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.#parent) {
      const value = scope.#values.get(name)
      if (value !== undefined) return value === '' ? scope.#made(name) : value
    }
    return undefined
  }

  #made(name: string): Leaf {
    const make = this.#lazy?.get(name)
    if (make !== undefined) this.set(name, make())
    return this.#values.get(name) ?? null
  }

  artifact(name: string): Artifact | null | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.#parent) {
      const value = scope.#artifacts?.get(name)
      if (value !== undefined) return value
    }
    return undefined
  }

  /** What expression tags see: one nested map per root. */
  environment(): Record<string, unknown> {
    const roots = this.#roots()
    if (this.#environment?.roots === roots.size) return this.#environment.value
    const value: Record<string, unknown> = Object.create(null)
    for (const root of roots) {
      Object.defineProperty(value, root, { enumerable: true, get: () => this.#tree(root) })
    }
    this.#environment = { roots: roots.size, value }
    return value
  }

  /** What `fromExpression` and `valueFrom.expression` see: artifacts too. */
  artifactEnvironment(): Record<string, unknown> {
    const value: Record<string, unknown> = Object.create(null)
    for (const root of this.#roots()) value[root] = this.#tree(root)
    const copied = new Set<string>()
    for (const [name, artifact] of this.#allArtifacts()) {
      const root = rootOf(name)
      const branch = value[root] as Branch | undefined
      const own = copied.has(root) || !isTree(branch) ? branch : copyTree(branch)
      copied.add(root)
      value[root] = grown(own, name, artifact ?? { name: '' })
    }
    return value
  }

  #indexed(): Index {
    if (this.#index !== undefined) return this.#index
    const names = new Map<string, string[]>()
    for (const name of this.#values.keys()) addName(names, name)
    this.#index = { names, trees: new Map(), merged: new Map() }
    return this.#index
  }

  #roots(): Set<string> {
    const roots = new Set<string>()
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.#parent) {
      for (const root of scope.#indexed().names.keys()) roots.add(root)
    }
    return roots
  }

  #tree(root: string): Branch | undefined {
    const owners: Scope[] = []
    let version = 0
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.#parent) {
      if (!scope.#indexed().names.has(root)) continue
      owners.push(scope)
      version += scope.#version
    }
    const [only] = owners
    if (only === undefined) return undefined
    if (owners.length === 1) return only.#ownTree(root)

    const { merged } = this.#indexed()
    const known = merged.get(root)
    if (known?.version === version) return known.tree
    let tree: Branch | undefined
    for (const owner of owners.reverse()) tree = owner.#grow(root, tree)
    if (tree !== undefined) merged.set(root, { version, tree })
    return tree
  }

  #ownTree(root: string): Branch | undefined {
    const { trees } = this.#indexed()
    const known = trees.get(root)
    if (known !== undefined) return known
    const tree = this.#grow(root, undefined)
    if (tree !== undefined) trees.set(root, tree)
    return tree
  }

  #grow(root: string, start: Branch | undefined): Branch | undefined {
    let tree = start
    for (const name of this.#indexed().names.get(root) ?? [])
      tree = grown(tree, name, this.#made(name))
    return tree
  }

  #allArtifacts(): ReadonlyMap<string, Artifact | null> {
    const parent = this.#parent
    const inherited = parent === undefined ? [] : parent.#allArtifacts()
    return new Map([...inherited, ...(this.#artifacts ?? [])])
  }
}

/** What one scope knows about its own names, by their first segment. */
interface Index {
  readonly names: Map<string, string[]>
  readonly trees: Map<string, Branch>
  /** Together with the scopes above. */
  readonly merged: Map<string, { readonly version: number; readonly tree: Branch }>
}

function noteChange(index: Index, name: string, value: Leaf, isNew: boolean): void {
  if (isNew) addName(index.names, name)
  const root = rootOf(name)
  const tree = index.trees.get(root)
  if (tree !== undefined) index.trees.set(root, grown(tree, name, value))
}

function addName(names: Map<string, string[]>, name: string): void {
  const root = rootOf(name)
  const list = names.get(root)
  if (list === undefined) names.set(root, [name])
  else list.push(name)
}

function rootOf(name: string): string {
  const dot = name.indexOf('.')
  return dot < 0 ? name : name.slice(0, dot)
}

// Trees have no prototype: that tells them from artifacts, and `constructor` is no variable.
function isTree(branch: Branch | undefined): branch is Tree {
  return typeof branch === 'object' && branch !== null && Object.getPrototypeOf(branch) === null
}

/** `tree` with the value put in at `name`, whose first segment is the tree's own. */
function grown(tree: Branch | undefined, name: string, value: Leaf | Artifact): Branch {
  const segments = name.split('.')
  if (segments.length === 1) return isTree(tree) ? tree : value
  const root: Tree = isTree(tree) ? tree : Object.create(null)
  const last = segments.length - 1
  let at = root
  for (let i = 1; i < last; i++) {
    const segment = segments[i] ?? ''
    const next = at[segment]
    if (isTree(next)) at = next
    else {
      const made: Tree = Object.create(null)
      at[segment] = made
      at = made
    }
  }
  const leaf = segments[last] ?? ''
  if (!isTree(at[leaf])) at[leaf] = value
  return root
}

function copyTree(tree: Tree): Tree {
  const copy: Tree = Object.create(null)
  for (const [key, value] of Object.entries(tree))
    copy[key] = isTree(value) ? copyTree(value) : value
  return copy
}
