import {
  containerFields,
  podFields,
  type Support,
} from '../../packages/cluster/src/node/supported-fields.table.ts'
import { argoShapes } from '../../packages/engine/src/spec/parse/argo-shapes.table.ts'
import {
  type Unsupported,
  unsupportedInHdfs,
  unsupportedInLock,
  unsupportedInRetry,
  unsupportedInSpec,
  unsupportedInTemplate,
  unsupportedLocations,
  unsupportedOutputLocations,
} from '../../packages/engine/src/workflow/validate/supported.table.ts'
import { cronFields } from './cron-fields.table.ts'
import { fieldNotes } from './differs.table.ts'
import { shapes } from './evidence.ts'

/** Honoured; without effect here; or refused by name. */
export type Kind = 'done' | 'idle' | 'refused'

export interface FieldRow {
  readonly name: string
  readonly field: string
  readonly kind: Kind
  readonly state: string
  readonly test: string | undefined
}

const refusals: Readonly<Record<string, Unsupported>> = {
  WorkflowSpec: unsupportedInSpec,
  Template: unsupportedInTemplate,
  Artifact: unsupportedLocations,
  ArtifactLocation: unsupportedOutputLocations,
  ArtifactPaths: unsupportedLocations,
  HDFSArtifact: unsupportedInHdfs,
  RetryStrategy: unsupportedInRetry,
  Mutex: unsupportedInLock,
  SemaphoreRef: unsupportedInLock,
}

const refusalTest = 'packages/engine/src/workflow/validate/supported.test.ts'
const nodeTest = 'packages/cluster/src/node/node.rules.test.ts'

type Evidence = (field: string) => string | undefined

/** Every field of one of Argo's types, with what becomes of it. */
export function fieldsOf(type: string, evidence: Evidence): readonly FieldRow[] {
  return Object.keys(shapes[type] ?? {}).map((name) => rowOf(type, name, evidence))
}

function rowOf(type: string, name: string, evidence: Evidence): FieldRow {
  const field = `${type}.${name}`
  const row = { name, field }
  const reason = refusals[type]?.[name]
  if (reason !== undefined) {
    return { ...row, kind: 'refused', state: `refused: ${reason}`, test: refusalTest }
  }
  if (cronFields[type]) {
    const state = 'done on `argosy server`; `argosy run` takes no CronWorkflow'
    return { ...row, kind: 'done', state, test: cronFields[type][name] }
  }
  const note = fieldNotes[field]
  if (note) return { ...row, kind: note.kind, state: note.text, test: note.test ?? evidence(field) }
  const support = ofTheNode(type, name)
  if (support === undefined || support === 'done') {
    return { ...row, kind: 'done', state: 'done', test: evidence(field) ?? (support && nodeTest) }
  }
  return { ...row, ...nodeStates[support], test: evidence(field) ?? nodeTest }
}

const nodeStates = {
  harmless: { kind: 'idle', state: 'no effect: it means nothing on one machine' },
  refused: { kind: 'refused', state: 'refused by the node, when the step starts' },
} as const

/** What the node makes of fields that go into the pod as they are. */
function ofTheNode(type: string, name: string): Support | undefined {
  const containers = ['ScriptTemplate', 'UserContainer', 'ContainerNode']
  if (containers.includes(type)) return containerFields[name]
  const passed = type === 'WorkflowSpec' || type === 'Template'
  const pod = podNames[name] ?? name
  return passed ? podFields[pod] : undefined
}

const podNames: Readonly<Record<string, string>> = { podPriorityClassName: 'priorityClassName' }

/** Argo's types that can be reached without passing a refused field, and the others. */
export function reachable(): {
  readonly live: readonly string[]
  readonly hidden: readonly string[]
} {
  const own = new Set(Object.keys(argoShapes))
  const live = new Set<string>()
  const queue = ['Workflow', 'WorkflowTemplate', 'ClusterWorkflowTemplate', 'CronWorkflow']
  for (let type = queue.shift(); type !== undefined; type = queue.shift()) {
    if (live.has(type) || !own.has(type)) continue
    live.add(type)
    queue.push(...below(type))
  }
  const hidden = [...own].filter((type) => !live.has(type)).toSorted()
  return { live: [...live].filter((type) => Object.keys(shapes[type] ?? {}).length > 0), hidden }
}

function below(type: string): readonly string[] {
  return Object.entries(shapes[type] ?? {}).flatMap(([name, of]) => {
    const refused = refusals[type]?.[name] ?? fieldNotes[`${type}.${name}`]?.kind === 'refused'
    return refused ? [] : [of.replace(/^(\[\]|\{\})+/, '')]
  })
}
