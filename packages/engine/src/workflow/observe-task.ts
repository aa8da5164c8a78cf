import type { Pod } from '../spec/pod.ts'
import type { NodeType, WorkflowTaskResult } from '../spec/status.ts'
import type { Template } from '../spec/workflow.ts'
import { type Observation, type ObserveOptions, observePod } from './observe.ts'

/** Whether a template is a task of upstream's agent: a pod plays the agent for it, of which its node knows nothing. */
export function isTask({ http, plugin }: Template): boolean {
  return http !== undefined || plugin !== undefined
}

/** The type of the node of a template that runs in a pod. */
export function leafType({ http, plugin }: Template): NodeType {
  if (http !== undefined) return 'HTTP'
  return plugin === undefined ? 'Pod' : 'Plugin'
}

/** What the agent would say of a task: Pending until there is an answer, and then the answer. */
export function observeTask(
  pod: Pod,
  result: WorkflowTaskResult | undefined,
  options: ObserveOptions,
): Observation {
  const seen = observePod(pod, result, options)
  const { phase, finishedAt } = seen
  if (phase === 'Pending' || phase === 'Running') return { phase: 'Pending' }
  const outputs = result?.outputs && Object.keys(result.outputs).length > 0 && result.outputs
  const message = result?.phase === undefined ? (lastWords(pod) ?? seen.message) : result.message
  return {
    phase: phase === 'Succeeded' ? (result?.phase ?? phase) : phase,
    ...(message !== undefined && { message }),
    ...(outputs && { outputs }),
    ...(finishedAt !== undefined && { finishedAt }),
  }
}

function lastWords({ status }: Pod): string | undefined {
  const main = status?.containerStatuses?.find(({ name }) => name === 'main')
  return main?.state?.terminated?.message
}
