import type { NodeStatus } from '@argosy/engine'
import type { Paint } from '../output/paint.ts'
import { signs } from '../output/paint.ts'
import { hasFailed } from '../output/phase.ts'
import type { Progress } from '../output/progress.ts'
import { oneLine } from '../output/text-width.ts'
import { lookOf } from '../tree/fold.ts'
import type { PodBook } from './pod-book.ts'
import type { StepLogs } from './step-logs.ts'
import { stepName } from './step-name.ts'

const mostSteps = 10
const logLines = 10

interface Sources {
  readonly book: PodBook
  readonly logs: StepLogs
  readonly paint: Paint
}

/** Why a workflow failed, for whoever reads only the end: each failed step, its message, the last it wrote. */
export async function failureReport(
  progress: Progress,
  { book, logs, paint }: Sources,
): Promise<readonly string[]> {
  if (!hasFailed(progress.phase)) return []
  const steps = failedSteps(progress)
  const message = oneLine(progress.workflow.status?.message ?? '')
  const lines = [
    '',
    paint.look(
      progress.phase as 'Failed',
      `${progress.name} ${progress.phase}: ${message || 'no message'}`,
    ),
  ]
  for (const node of steps.slice(0, mostSteps)) {
    const look = lookOf(node)
    const pod = book.of(progress.name, node)
    const where = pod ? paint.faint(` (pod ${pod.name})`) : ''
    const why = oneLine(node.message ?? '') || look
    lines.push(
      `${paint.look(look, `${signs[look]} ${stepName(progress.name, node)}`)}${where}: ${why}`,
    )
    const last = pod ? await logs.last(pod, logLines) : []
    lines.push(...last.map((line) => `    ${paint.faint('|')} ${line}`))
  }
  if (steps.length > mostSteps) lines.push(`… and ${steps.length - mostSteps} more failed steps`)
  return lines
}

/** Those that did the work; of a retry that gave up, the last attempt. */
function failedSteps({ workflow }: Progress): readonly NodeStatus[] {
  const nodes = Object.values(workflow.status?.nodes ?? {})
  const byName = new Map(nodes.map((node) => [node.name, node]))
  return nodes.filter((node) => {
    if (!hasFailed(node.phase) || containers.has(node.type)) return false
    if (!node.nodeFlag?.retried) return true
    const retry = byName.get(node.name.replace(/\(\d+\)$/, ''))
    return (
      hasFailed(retry?.phase) &&
      retry?.children?.filter((id) => !isHook(workflow.status?.nodes?.[id])).at(-1) === node.id
    )
  })
}

const containers: ReadonlySet<NodeStatus['type']> = new Set([
  'Steps',
  'StepGroup',
  'DAG',
  'TaskGroup',
  'Retry',
])

const isHook = (node: NodeStatus | undefined) => node?.nodeFlag?.hooked === true
