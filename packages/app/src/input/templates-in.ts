import type { KubeObject, validateWorkflow, WorkflowTemplate } from '@argosy/engine'
import { isYaml, type Resource } from '@argosy/kube'

/** What workflows use: templates, ConfigMaps, Secrets and the like. */
export interface Supply {
  readonly resource: Resource
  readonly object: KubeObject
}

type World = Parameters<typeof validateWorkflow>[1]

/** What objects of a namespace can refer to; the first of a name counts. */
export function templatesIn(supplies: readonly Supply[]): (namespace: string | undefined) => World {
  const known = new Map<string, WorkflowTemplate>()
  for (const { resource, object } of supplies) {
    const { namespace, name = '' } = object.metadata
    const key = keyOf(resource.namespaced ? namespace : clusterWide, name)
    if (!known.has(key)) known.set(key, object as WorkflowTemplate)
  }
  return (namespace) => ({
    isYaml,
    template: ({ name, clusterScope = false }) =>
      known.get(keyOf(clusterScope ? clusterWide : namespace, name)),
  })
}

const clusterWide = '*'

function keyOf(namespace = 'default', name: string): string {
  return `${namespace}/${name}`
}
