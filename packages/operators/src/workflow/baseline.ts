import { originOf, type Workflow } from '@argosy/engine'
import { type Client, resources } from '@argosy/kube'

/** The newest workflow of the same template or schedule that succeeded. argo: estimation.NewEstimator. */
export async function baselineOf(
  workflow: Workflow,
  client: Client,
  signal: AbortSignal,
): Promise<Workflow | undefined> {
  const origin = originOf(workflow)
  const { namespace } = workflow.metadata
  if (origin === undefined || namespace === undefined) return undefined
  const { items } = await client.list<Workflow>(
    {
      resource: resources.workflows,
      namespace,
      labelSelector: `${origin},workflows.argoproj.io/phase=Succeeded`,
    },
    signal,
  )
  const createdAt = ({ metadata }: Workflow) => metadata.creationTimestamp ?? ''
  return items.reduce<Workflow | undefined>(
    (newest, one) => (newest && createdAt(newest) >= createdAt(one) ? newest : one),
    undefined,
  )
}
