import { resources } from '@argosy/kube'
import type { BuiltInCall } from '../built-in.ts'
import { watchObject } from '../resource/watch-object.ts'

/** The main container of an agent pod: it ends with the workflow, and the servers beside it end with it. */
export async function agentProgram(call: BuiltInCall): Promise<number> {
  const { namespace = 'default', labels } = call.pod.metadata
  const name = labels?.['workflows.argoproj.io/workflow'] ?? ''
  const ref = { resource: resources.workflows, namespace, name }
  await watchObject(ref, call, (workflow) => {
    const completed = workflow?.metadata.labels?.['workflows.argoproj.io/completed']
    return !workflow || completed === 'true' || undefined
  })
  return 0
}
