import type { NodeStatus, Parameter, Workflow } from '@argosy/engine'
import { shortDuration } from './humanize.ts'
import { tabs } from './tabs.ts'
import { workflowStatus } from './workflow-status.ts'

export interface TableOptions {
  readonly now: number
  readonly headers: boolean
  readonly namespace: boolean
  readonly wide: boolean
  readonly uid?: boolean
}

/** `argosy list`: one line for each workflow. argo: PrintWorkflows. */
export function workflowTable(workflows: readonly Workflow[], options: TableOptions): string {
  if (workflows.length === 0) return 'No workflows found\n'
  const head = [
    ...(options.namespace ? ['NAMESPACE'] : []),
    ...['NAME', 'STATUS', 'AGE', 'DURATION', 'PRIORITY', 'MESSAGE'],
    ...(options.wide ? ['P/R/C', 'PARAMETERS'] : []),
    ...(options.uid ? ['UID'] : []),
  ]
  const rows = workflows.map((workflow) => cellsOf(workflow, options))
  return tabs(options.headers ? [head, ...rows] : rows, 3) + nudge(workflows)
}

function cellsOf(
  workflow: Workflow,
  { now, namespace, wide, uid }: TableOptions,
): readonly string[] {
  const { metadata, spec, status } = workflow
  return [
    ...(namespace ? [metadata.namespace ?? ''] : []),
    metadata.name ?? '',
    workflowStatus(workflow),
    shortDuration(metadata.creationTimestamp, undefined, now),
    shortDuration(status?.startedAt, status?.finishedAt, now),
    String(spec.priority ?? 0),
    oneLine(status?.message ?? ''),
    ...(wide ? [podCounts(workflow), parameterText(spec.arguments?.parameters ?? [])] : []),
    ...(uid ? [metadata.uid ?? ''] : []),
  ]
}

/** Messages come from strangers; a line of a table is a line. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
}

/** Pending, running and completed pods. */
function podCounts({ status }: Workflow): string {
  const pods = Object.values(status?.nodes ?? {}).filter(({ type }) => type === 'Pod')
  const completed = pods.filter(isFulfilled).length
  const running = pods.filter((node) => !isFulfilled(node) && node.phase === 'Running').length
  return `${pods.length - completed - running}/${running}/${completed}`
}

const ended: ReadonlySet<string | undefined> = new Set(['Succeeded', 'Failed', 'Error'])

// argo: NodeStatus.Fulfilled.
function isFulfilled({ phase, taskResultSynced, daemoned }: NodeStatus): boolean {
  if (ended.has(phase)) return taskResultSynced !== false
  if (phase === 'Skipped' || phase === 'Omitted') return true
  return daemoned === true && phase !== 'Pending'
}

function parameterText(parameters: readonly Parameter[]): string {
  return parameters
    .flatMap(({ name, value }) =>
      value === undefined ? [] : [`${name}=${truncated(String(value))}`],
    )
    .join(',')
}

// argo: truncateString(…, 50).
function truncated(text: string): string {
  return text.length > 50 ? `${text.slice(0, 32)}...${text.slice(-15)}` : text
}

const many = 100

function nudge(workflows: readonly Workflow[]): string {
  const completed = workflows.filter(({ status }) => ended.has(status?.phase)).length
  const incomplete = workflows.length - completed
  const parts = [
    ...(incomplete > many ? [`${incomplete} incomplete`] : []),
    ...(completed > many ? [`${completed} completed`] : []),
  ]
  if (parts.length === 0) return ''
  return `\nYou have at least ${parts.join(' and ')} workflows: \`argosy delete --older 7d\` makes room.\n`
}
