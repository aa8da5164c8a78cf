import {
  type JsonObject,
  parseClusterWorkflowTemplate,
  parseWorkflowTemplate,
  type validateWorkflow,
  type WorkflowTemplate,
} from '@argosy/engine'
import { type Client, isYaml, type Resource, resources } from '@argosy/kube'

type KnownTemplates = Parameters<typeof validateWorkflow>[1]

/** The templates that a manifest of one namespace may name. Read as the server itself: naming one tells nothing of it. */
export async function templatesKnown(
  client: Client,
  namespace: string,
  signal: AbortSignal,
): Promise<KnownTemplates> {
  const read = async (resource: Resource, within?: string) => {
    const { items } = await client.list<WorkflowTemplate>(
      { resource, ...(within !== undefined && { namespace: within }) },
      signal,
    )
    return new Map(items.map((one) => [one.metadata.name ?? '', one]))
  }
  const [own, cluster] = await Promise.all([
    read(resources.workflowTemplates, namespace),
    read(resources.clusterWorkflowTemplates),
  ])
  return {
    isYaml,
    template: ({ name, clusterScope = false }) => {
      const stored = (clusterScope ? cluster : own).get(name) as JsonObject | undefined
      if (stored === undefined) return undefined
      const parse = clusterScope ? parseClusterWorkflowTemplate : parseWorkflowTemplate
      return parse(stored).template
    },
  }
}
