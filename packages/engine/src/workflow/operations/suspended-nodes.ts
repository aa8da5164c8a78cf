import type { NodePhase, NodeStatus, WorkflowStatus } from '../../spec/status.ts'
import { formatTime } from '../../spec/time.ts'
import type { Outputs, Parameter, Workflow } from '../../spec/workflow.ts'
import { parseFieldSelector } from './field-selector.ts'
import { nodeFields } from './node-fields.ts'
import type { Refusal } from './refusal.ts'

/** What is written into nodes that wait for somebody. */
export interface NodeValues {
  readonly phase?: NodePhase
  readonly message?: string
  /** Values of outputs that the node says are supplied. */
  readonly outputParameters?: Readonly<Record<string, string>>
}

export function isWaiting({ type, phase }: NodeStatus): boolean {
  return type === 'Suspend' && phase === 'Running'
}

/** Changes the waiting Suspend nodes that the selector means. argo: updateSuspendedNode. */
export function changeSuspended(
  workflow: Workflow,
  nodeFieldSelector: string,
  values: NodeValues,
  now: number,
): { readonly workflow: Workflow } | Refusal {
  const selector = parseFieldSelector(nodeFieldSelector)
  if ('refused' in selector) return selector
  const nodes: Record<string, NodeStatus> = { ...workflow.status?.nodes }
  let outputs = workflow.status?.outputs
  let changed = false
  for (const node of Object.values(nodes)) {
    if (!isWaiting(node) || !selector.matches(nodeFields(node))) continue
    const supplied = supply(node, values.outputParameters ?? {})
    if ('refused' in supplied) return supplied
    nodes[node.id] = ended({ ...node, ...supplied.outputs }, values, now)
    outputs = supplied.supplied.reduce(exported, outputs)
    changed ||= Boolean(values.phase || values.message || supplied.supplied.length > 0)
  }
  if (!changed) {
    const what = 'currently, set only targets suspend nodes'
    return {
      refused: `${what}: no suspend nodes matching nodeFieldSelector: ${nodeFieldSelector}`,
    }
  }
  const status = { ...workflow.status, nodes, ...(outputs !== undefined && { outputs }) }
  return { workflow: { ...workflow, status } }
}

function ended(node: NodeStatus, { phase, message }: NodeValues, now: number): NodeStatus {
  return {
    ...node,
    ...(phase && { phase }),
    ...(phase && phase !== 'Pending' && phase !== 'Running' && { finishedAt: formatTime(now) }),
    ...(message && { message }),
  }
}

interface Supplied {
  readonly outputs: { readonly outputs?: Outputs }
  readonly supplied: readonly Parameter[]
}

function supply(
  { outputs }: NodeStatus,
  values: Readonly<Record<string, string>>,
): Supplied | Refusal {
  const wanted = Object.entries(values)
  if (wanted.length === 0) return { outputs: {}, supplied: [] }
  if (outputs === undefined) {
    return {
      refused: 'cannot set output parameters because node is not expecting any raw parameters',
    }
  }
  const parameters = [...(outputs.parameters ?? [])]
  const supplied: Parameter[] = []
  for (const [name, value] of wanted) {
    const at = parameters.findIndex((parameter) => parameter.name === name)
    const found = parameters[at]
    if (found === undefined) return { refused: `node is not expecting output parameter '${name}'` }
    const { valueFrom, ...rest } = found
    if (valueFrom?.supplied === undefined) {
      return {
        refused: `cannot set output parameter '${name}' because it does not use valueFrom.raw or it was already set`,
      }
    }
    const filled = { ...rest, value }
    parameters[at] = filled
    supplied.push(filled)
  }
  return { outputs: { outputs: { ...outputs, parameters } }, supplied }
}

// argo: AddParamToGlobalScope.
function exported(
  outputs: WorkflowStatus['outputs'],
  { globalName, value }: Parameter,
): WorkflowStatus['outputs'] {
  if (!globalName || value === undefined) return outputs
  const parameters = [...(outputs?.parameters ?? [])]
  const at = parameters.findIndex(({ name }) => name === globalName)
  if (at < 0) parameters.push({ name: globalName, value })
  else parameters[at] = { ...(parameters[at] ?? { name: globalName }), value }
  return { ...outputs, parameters }
}
