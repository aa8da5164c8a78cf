import { type Resource, resources, StatusError } from '@argosy/kube'

/** Where an Argo Server has the objects of a kind, and what the bodies of its requests call them. */
export interface ArgoKind {
  readonly resource: Resource
  readonly root: string
  readonly field: string
}

const kinds: readonly ArgoKind[] = [
  { resource: resources.workflows, root: 'workflows', field: 'workflow' },
  { resource: resources.workflowTemplates, root: 'workflow-templates', field: 'template' },
  {
    resource: resources.clusterWorkflowTemplates,
    root: 'cluster-workflow-templates',
    field: 'template',
  },
  { resource: resources.cronWorkflows, root: 'cron-workflows', field: 'cronWorkflow' },
]

/** Throws `NotImplemented` on a kind that only a Kubernetes has. */
export function argoKind(resource: Resource): ArgoKind {
  const found = kinds.find((one) => one.resource.plural === resource.plural)
  if (found) return found
  throw onlyKubernetes(`to read ${resource.plural}`)
}

export function onlyKubernetes(what: string): StatusError {
  return new StatusError(
    'NotImplemented',
    `an Argo Server offers no way ${what}: ask the Kubernetes API (without --argo-server and $ARGO_SERVER)`,
  )
}

/** The collection's path; of all namespaces without one. */
export function collectionPath(
  { resource, root }: ArgoKind,
  namespace: string | undefined,
): string {
  const base = `/api/v1/${root}`
  return resource.namespaced ? `${base}/${encodeURIComponent(namespace ?? '')}` : base
}

export function objectPath(kind: ArgoKind, namespace: string | undefined, name: string): string {
  if (name === '') throw new TypeError(`a ${kind.resource.kind} without a name has no address`)
  return `${collectionPath(kind, namespace)}/${encodeURIComponent(name)}`
}

/** `listOptions` as the server's gateway reads them; what is empty is left out. */
export function withOptions(
  path: string,
  options: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && value !== '' && value !== false) query.set(name, String(value))
  }
  const text = query.toString()
  return text === '' ? path : `${path}?${text}`
}
