import type { Json, PatchOp } from '../spec/json.ts'
import type { NodePhase, NodeStatus, NodeType } from '../spec/status.ts'
import type { Watch } from './hook-queue.ts'
import { completed, type Share } from './progress.ts'

/** A node that is being changed: what is persisted is a copy. */
export type MutableNode = { -readonly [K in keyof Omit<NodeStatus, 'children'>]: NodeStatus[K] } & {
  children: string[]
}

/**
 * One node with its place in the tree and the running totals of its boundary.
 *
 * Invariants:
 * N1. Every change of `status` goes through `NodeTable`, so totals and what must be written are always right.
 * N2. The totals count direct members only: nodes whose boundaryID is this node's id.
 */
export class NodeRecord {
  readonly status: MutableNode
  readonly boundary: NodeRecord | undefined
  /** Pod nodes that are Pending or Running. */
  activePods = 0
  /** Pod, Steps and DAG nodes that are Pending or Running: what template.parallelism limits. */
  activeChildren = 0
  /** Pod, Steps and DAG nodes that ended Failed or Error: what template.failFast looks at. */
  unsuccessful = 0
  /** Members that have begun and not ended, whatever they are (groups count by what is in them, daemons serve them). */
  running = 0
  podName: string | undefined
  /** The node belongs to an exit handler: Stop does not end it, nor does the workflow's deadline. */
  onExit = false
  /** Its lifecycle hooks: they ask for its phase. */
  watch: Watch | undefined
  /** What it has added to the groups around it. */
  told: (Share & { readonly durations: NodeStatus['resourcesDuration'] }) | undefined
  /** Most nodes never have a child. */
  #childIds: Set<string> | undefined
  #written: boolean
  #writtenChildren: number
  /** Whether the field was there when it was last written. */
  #changed: Map<keyof NodeStatus, boolean> | undefined

  constructor(status: MutableNode, boundary: NodeRecord | undefined, written: boolean) {
    this.status = status
    this.boundary = boundary
    this.#written = written
    this.#writtenChildren = written ? status.children.length : 0
    if (status.children.length > 0) this.#childIds = new Set(status.children)
  }

  get id(): string {
    return this.status.id
  }

  get isExecutable(): boolean {
    return isExecutable(this.status.type)
  }

  get fulfilled(): boolean {
    return isFulfilled(this.status)
  }

  /** Nothing will ever change it any more; a daemon that runs is fulfilled, but not that. */
  get ended(): boolean {
    return isEnded(this.status.phase)
  }

  get completed(): boolean {
    return isCompleted(this.status.phase)
  }

  get failedOrError(): boolean {
    return this.status.phase === 'Failed' || this.status.phase === 'Error'
  }

  addChild(id: string): boolean {
    this.#childIds ??= new Set()
    if (this.#childIds.has(id)) return false
    this.#childIds.add(id)
    this.status.children.push(id)
    return true
  }

  /** To be called before the change. */
  touch(field: keyof NodeStatus): void {
    if (!this.#written) return
    this.#changed ??= new Map()
    if (!this.#changed.has(field)) this.#changed.set(field, this.status[field] !== undefined)
  }

  /** Appends what changed since the last call; the operations are valid on the object as last written. */
  write(ops: PatchOp[]): void {
    const path = `/status/nodes/${this.id}`
    if (!this.#written) {
      ops.push({ op: 'add', path, value: snapshot(this.status) })
    } else {
      for (const [field, wasThere] of this.#changed ?? []) {
        const value = this.status[field]
        if (wasThere || value !== undefined) ops.push(fieldOp(path, field, value))
      }
      this.#writeChildren(path, ops)
    }
    this.#written = true
    this.#writtenChildren = this.status.children.length
    this.#changed = undefined
  }

  #writeChildren(path: string, ops: PatchOp[]): void {
    const { children } = this.status
    if (this.#writtenChildren === 0 && children.length > 0) {
      ops.push({ op: 'add', path: `${path}/children`, value: [...children] })
      return
    }
    for (let i = this.#writtenChildren; i < children.length; i++) {
      ops.push({ op: 'add', path: `${path}/children/-`, value: children[i] ?? '' })
    }
  }
}

function fieldOp(path: string, field: keyof NodeStatus, value: unknown): PatchOp {
  if (value === undefined) return { op: 'remove', path: `${path}/${field}` }
  return { op: 'add', path: `${path}/${field}`, value: value as Json }
}

function snapshot(status: MutableNode): Json {
  const copy: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(status)) {
    // Not added and deleted again: that would make a slow object, of twice the size, of every node.
    if (value !== undefined && name !== 'children') copy[name] = value
  }
  if (status.children.length > 0) copy['children'] = [...status.children]
  return copy as Json
}

function isCompleted(phase: NodePhase | undefined): boolean {
  return phase === 'Succeeded' || phase === 'Failed' || phase === 'Error'
}

function isEnded(phase: NodePhase | undefined): boolean {
  return isCompleted(phase) || phase === 'Skipped' || phase === 'Omitted'
}

function isFulfilled({ phase, daemoned }: Pick<NodeStatus, 'phase' | 'daemoned'>): boolean {
  return isEnded(phase) || (daemoned === true && phase !== 'Pending')
}

const countedTypes: Readonly<Partial<Record<NodeType, true>>> = {
  Pod: true,
  Steps: true,
  DAG: true,
}
const groupTypes: Readonly<Partial<Record<NodeType, true>>> = { StepGroup: true, TaskGroup: true }
const executableTypes: Readonly<Partial<Record<NodeType, true>>> = {
  Pod: true,
  HTTP: true,
  Plugin: true,
  Container: true,
  Suspend: true,
}

const summed: Readonly<Partial<Record<keyof NodeStatus, true>>> = {
  progress: true,
  resourcesDuration: true,
}

/** Types whose progress is their own and not a sum. argo: progress/updater.go executable. */
export function isExecutable(type: NodeType): boolean {
  return executableTypes[type] === true
}

function isActive(phase: NodePhase | undefined): boolean {
  return phase === 'Pending' || phase === 'Running'
}

/** All nodes of one run, their totals, and what has not been written yet. */
export class NodeTable {
  readonly #byId = new Map<string, NodeRecord>()
  readonly #byName = new Map<string, NodeRecord>()
  readonly #dirty = new Set<NodeRecord>()
  /** Executable nodes whose share of the work may have changed. */
  #moved = new Set<NodeRecord>()
  /** Pod nodes Pending or Running in the whole run: what spec.parallelism limits. */
  activePods = 0
  runningPods = 0

  get size(): number {
    return this.#byId.size
  }

  get(id: string): NodeRecord | undefined {
    return this.#byId.get(id)
  }

  named(name: string): NodeRecord | undefined {
    return this.#byName.get(name)
  }

  all(): IterableIterator<NodeRecord> {
    return this.#byId.values()
  }

  /** Takes in a node that is persisted already. */
  adopt(status: NodeStatus): NodeRecord {
    const boundary = status.boundaryID === undefined ? undefined : this.get(status.boundaryID)
    const mutable = { ...status, children: [...(status.children ?? [])] }
    const record = new NodeRecord(mutable, boundary, true)
    this.#register(record)
    this.#count(record, 1)
    // Whoever resumes a suspended node says only that it has succeeded.
    this.#complete(record)
    return record
  }

  create(status: MutableNode, boundary: NodeRecord | undefined): NodeRecord {
    if (this.#byId.has(status.id)) throw new Error(`node ${status.name} is there already`)
    const record = new NodeRecord(status, boundary, false)
    this.#register(record)
    this.#dirty.add(record)
    this.#count(record, 1)
    return record
  }

  #register(record: NodeRecord): void {
    this.#byId.set(record.id, record)
    this.#byName.set(record.status.name, record)
    if (record.isExecutable) this.#moved.add(record)
  }

  set<K extends Exclude<keyof NodeStatus, 'phase' | 'children' | 'daemoned'>>(
    record: NodeRecord,
    field: K,
    value: MutableNode[K] | undefined,
  ): void {
    if (record.status[field] === value) return
    record.touch(field)
    ;(record.status as Record<string, unknown>)[field] = value
    this.#dirty.add(record)
    if (summed[field] === true && record.isExecutable) this.#moved.add(record)
  }

  setPhase(record: NodeRecord, phase: NodePhase, now: string): void {
    if (record.status.phase === phase) return
    record.touch('phase')
    this.#count(record, -1)
    record.status.phase = phase
    this.#count(record, 1)
    this.#dirty.add(record)
    this.#complete(record)
    if (record.ended && record.status.finishedAt === undefined) {
      this.set(record, 'finishedAt', now)
    }
  }

  #complete(record: NodeRecord): void {
    if (record.status.phase !== 'Succeeded' || !record.isExecutable) return
    this.set(record, 'progress', completed(record.status.progress))
  }

  /** A node that waits for a lock holds no place of `parallelism`. */
  setWaiting(record: NodeRecord, waiting: NodeStatus['synchronizationStatus']): void {
    this.#count(record, -1)
    this.set(record, 'synchronizationStatus', waiting)
    this.#count(record, 1)
  }

  /** A daemon is one from when it is ready until it ends. */
  setDaemoned(record: NodeRecord, daemoned: boolean): void {
    if ((record.status.daemoned === true) === daemoned) return
    record.touch('daemoned')
    this.#count(record, -1)
    if (daemoned) record.status.daemoned = true
    else delete record.status.daemoned
    this.#count(record, 1)
    this.#dirty.add(record)
  }

  link(parent: NodeRecord, childId: string): void {
    if (parent.addChild(childId)) this.#dirty.add(parent)
  }

  /** Since the last call. */
  takeMoved(): ReadonlySet<NodeRecord> {
    const moved = this.#moved
    this.#moved = new Set()
    return moved
  }

  /** What must be written, in the order in which it first changed; then nothing is dirty. */
  collect(ops: PatchOp[]): void {
    for (const record of this.#dirty) record.write(ops)
    this.#dirty.clear()
  }

  #count(record: NodeRecord, sign: 1 | -1): void {
    const { type, phase } = record.status
    if (type === 'Pod' && isActive(phase) && record.status.synchronizationStatus === undefined) {
      this.#countPod(record, sign)
    }
    if (record.boundary === undefined) return
    const idle = groupTypes[type] === true || record.status.daemoned === true
    if (isActive(phase) && !idle) record.boundary.running += sign
    if (countedTypes[type] !== true) return
    if (isActive(phase)) record.boundary.activeChildren += sign
    if (record.failedOrError) record.boundary.unsuccessful += sign
  }

  #countPod(record: NodeRecord, sign: 1 | -1): void {
    this.activePods += sign
    if (record.status.phase === 'Running') this.runningPods += sign
    if (record.boundary !== undefined) record.boundary.activePods += sign
  }
}
