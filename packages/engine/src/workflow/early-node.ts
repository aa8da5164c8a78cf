import type { NodeType } from '../spec/status.ts'
import type { Template } from '../spec/workflow.ts'
import { type Host, nodeOf } from './host.ts'
import type { NodeRecord } from './nodes.ts'
import type { RunState } from './run-state.ts'
import { suppliedOutputs } from './suspend-body.ts'

const types: readonly (readonly [keyof Template, NodeType])[] = [
  ['container', 'Pod'],
  ['containerSet', 'Pod'],
  ['steps', 'Steps'],
  ['script', 'Pod'],
  ['resource', 'Pod'],
  ['data', 'Pod'],
  ['dag', 'DAG'],
  ['suspend', 'Suspend'],
  ['http', 'HTTP'],
  ['plugin', 'Plugin'],
]

/** A node that stands for a template before anything of it has begun. argo: Template.GetNodeType, initializeExecutableNode. */
export function early(host: Host): NodeRecord {
  const { run, template } = host
  const type = typeOf(template, run)
  const node = nodeOf(host, type, 'Pending')
  const outputs = type === 'Suspend' ? suppliedOutputs(template) : undefined
  if (outputs !== undefined) run.nodes.set(node, 'outputs', outputs)
  return node
}

function typeOf(template: Template, run: RunState): NodeType {
  if ((template.retryStrategy ?? run.spec.retryStrategy) !== undefined) return 'Retry'
  return types.find(([field]) => template[field] !== undefined)?.[1] ?? 'Skipped'
}

const running: readonly NodeType[] = ['Retry', 'Steps', 'DAG', 'Suspend']

/** Its body is about to take it up: what has no pod runs from now on. */
export function takeUp(run: RunState, node: NodeRecord): void {
  if (node.status.phase === 'Pending' && running.includes(node.status.type)) {
    run.mark(node, 'Running')
  }
}
