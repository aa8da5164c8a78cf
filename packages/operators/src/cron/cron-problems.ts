import {
  type CronWorkflow,
  type Problem,
  unsupported,
  validateCronWorkflow,
  type WorkflowTemplate,
} from '@argosy/engine'
import { type Client, type Ref, resources } from '@argosy/kube'

/** What is wrong with a CronWorkflow. The templates that it speaks of are asked for as the check comes upon them. */
export async function problemsOf(
  cron: CronWorkflow,
  client: Client,
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  const { namespace = '' } = cron.metadata
  const known = new Map<string, WorkflowTemplate | undefined>()
  for (;;) {
    const wanted = new Map<string, Ref>()
    const problems = validateCronWorkflow(cron, {
      template: ({ name, clusterScope = false }) => {
        const ref = clusterScope
          ? { resource: resources.clusterWorkflowTemplates, name }
          : { resource: resources.workflowTemplates, namespace, name }
        const key = `${ref.resource.plural}/${name}`
        if (!known.has(key)) wanted.set(key, ref)
        return known.get(key)
      },
    })
    if (wanted.size === 0) {
      return problems.length > 0 ? problems : unsupported(cron.spec.workflowSpec)
    }
    for (const [key, ref] of wanted) {
      known.set(key, await client.get<WorkflowTemplate>(ref, signal))
    }
  }
}
