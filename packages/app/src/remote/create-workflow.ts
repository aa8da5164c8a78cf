import type { ObjectMeta, Workflow } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { checkWorkflow } from './check-workflow.ts'
import type { Remote } from './connect.ts'

export type Rehearsal = 'none' | 'client' | 'server'

/** Checks a workflow and creates it, unless it is only tried; resolves to it with what the server filled in. */
export async function createWorkflow(
  { client, connection, argo, namespace: own }: Remote,
  wanted: Workflow,
  rehearsal: Rehearsal,
): Promise<Workflow> {
  const namespace = wanted.metadata.namespace ?? own
  const workflow = { ...wanted, metadata: { ...wanted.metadata, namespace } }
  try {
    await checkWorkflow(client, workflow, 'submit')
    if (rehearsal === 'client') return workflow
    if (rehearsal === 'server' && argo) return await argo.rehearse(workflow)
    if (rehearsal === 'server') {
      const path = `/apis/argoproj.io/v1alpha1/namespaces/${encodeURIComponent(namespace)}/workflows`
      return await connection.ask<Workflow>(`${path}?dryRun=All`, {
        method: 'POST',
        body: workflow,
      })
    }
    const metadata = await client.create(resources.workflows, workflow)
    return { ...workflow, metadata: filledIn(workflow.metadata, metadata) }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    error.message = `failed to submit workflow: ${error.message}`
    throw error
  }
}

function filledIn(wanted: ObjectMeta, metadata: ObjectMeta): ObjectMeta {
  return { ...wanted, ...metadata }
}
