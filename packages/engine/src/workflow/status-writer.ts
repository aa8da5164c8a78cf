import { isObject, type Json, type PatchOp, pointerSegment } from '../spec/json.ts'
import type { Condition, WorkflowStatus } from '../spec/status.ts'
import type { Workflow } from '../spec/workflow.ts'

type Scalars = Exclude<keyof WorkflowStatus, 'nodes'>

/** The Workflow's own metadata and status (all but the nodes), and which of it must be written. */
export class StatusWriter {
  readonly #status: Record<string, unknown>
  readonly #labels: Record<string, string>
  readonly #annotations: Record<string, string>
  readonly #ops: PatchOp[] = []
  #finalizers: readonly string[]
  #hasStatus: boolean
  #hasNodes: boolean
  #hasLabels: boolean
  #hasAnnotations: boolean

  constructor(workflow: Workflow) {
    const { status, metadata } = workflow
    const { nodes, ...rest } = status ?? {}
    this.#status = { ...rest }
    this.#finalizers = metadata.finalizers ?? []
    this.#hasStatus = status !== undefined
    this.#hasNodes = nodes !== undefined
    this.#labels = { ...metadata.labels }
    this.#annotations = { ...metadata.annotations }
    this.#hasLabels = metadata.labels !== undefined
    this.#hasAnnotations = metadata.annotations !== undefined
  }

  get<K extends Scalars>(field: K): WorkflowStatus[K] {
    return this.#status[field] as WorkflowStatus[K]
  }

  set<K extends Scalars>(field: K, value: WorkflowStatus[K]): void {
    if (this.#status[field] === value) return
    this.#status[field] = value
    this.#ops.push(
      value === undefined
        ? { op: 'remove', path: `/status/${field}` }
        : { op: 'add', path: `/status/${field}`, value: value as Json },
    )
  }

  setMember(field: Scalars, member: string, value: Json): void {
    const before = this.#status[field]
    if (!isObject(before)) {
      this.set(field, { [member]: value } as never)
      return
    }
    this.#status[field] = { ...before, [member]: value }
    this.#ops.push({ op: 'add', path: `/status/${field}/${pointerSegment(member)}`, value })
  }

  /** Conditions are kept by type. argo: Conditions.UpsertCondition. */
  setCondition(condition: Condition): void {
    const before = this.get('conditions') ?? []
    const at = before.findIndex((other) => other.type === condition.type)
    const same = before[at]
    if (same?.status === condition.status && same?.message === condition.message) return
    const after = at < 0 ? [...before, condition] : before.with(at, condition)
    this.set('conditions', after)
  }

  hasCondition(type: Condition['type']): boolean {
    return (this.get('conditions') ?? []).some((condition) => condition.type === type)
  }

  label(name: string): string | undefined {
    return this.#labels[name]
  }

  setLabel(name: string, value: string): void {
    if (this.#labels[name] === value) return
    this.#labels[name] = value
    this.#metadata('labels', this.#hasLabels, this.#labels, name, value)
    this.#hasLabels = true
  }

  addFinalizer(name: string): void {
    if (this.#finalizers.includes(name)) return
    this.#finalizers = [...this.#finalizers, name]
    this.#ops.push({ op: 'add', path: '/metadata/finalizers', value: this.#finalizers })
  }

  setAnnotation(name: string, value: string): void {
    if (this.#annotations[name] === value) return
    this.#annotations[name] = value
    this.#metadata('annotations', this.#hasAnnotations, this.#annotations, name, value)
    this.#hasAnnotations = true
  }

  #metadata(
    map: 'labels' | 'annotations',
    exists: boolean,
    all: Record<string, string>,
    name: string,
    value: string,
  ): void {
    this.#ops.push(
      exists
        ? { op: 'add', path: `/metadata/${map}/${pointerSegment(name)}`, value }
        : { op: 'add', path: `/metadata/${map}`, value: { ...all } },
    )
  }

  /** The operations since the last call, after those that make room for them. */
  collect(ops: PatchOp[]): void {
    if (!this.#hasStatus) ops.push({ op: 'add', path: '/status', value: {} })
    if (!this.#hasNodes) ops.push({ op: 'add', path: '/status/nodes', value: {} })
    this.#hasStatus = true
    this.#hasNodes = true
    for (const op of this.#ops) ops.push(op)
    this.#ops.length = 0
  }
}
