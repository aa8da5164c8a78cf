import type { Pod } from '../spec/pod.ts'
import type { NodeRecord } from './nodes.ts'
import type { Observation } from './observe.ts'
import type { RunState } from './run-state.ts'

/** Writes down what a pod and its report say of their node, beside its phase. */
export function takeFacts(run: RunState, node: NodeRecord, seen: Observation, pod: Pod): void {
  const { nodes } = run
  const ofPod = node.status.type === 'Pod' ? pod.spec.nodeName : undefined
  const host = seen.hostNodeName ?? ofPod
  if (host !== undefined) nodes.set(node, 'hostNodeName', host)
  for (const field of ['podIP', 'resourcesDuration', 'finishedAt'] as const) {
    const value = seen[field]
    if (value !== undefined) nodes.set(node, field, value as never)
  }
  if (seen.progress !== undefined) nodes.set(node, 'progress', seen.progress)
  if (seen.outputs !== undefined) run.setOutputs(node, seen.outputs)
}
