import type { Workflow } from '@argosy/engine'
import { resources, StatusError } from '@argosy/kube'
import type { Remote } from './connect.ts'

/** A workflow by its name; `@latest` is the one that was created last. Throws `NotFound`. */
export async function findWorkflow({ client, namespace }: Remote, name: string): Promise<Workflow> {
  if (name !== '@latest') {
    const found = await client.get<Workflow>({ resource: resources.workflows, namespace, name })
    if (found) return found
    throw new StatusError('NotFound', `workflow "${name}" not found in namespace ${namespace}`)
  }
  const { items } = await client.list<Workflow>({ resource: resources.workflows, namespace })
  const latest = items.reduce<Workflow | undefined>(later, undefined)
  if (latest) return latest
  throw new StatusError('NotFound', `there is no workflow in namespace ${namespace}`)
}

/** Times have whole seconds: of one second, the one that was written last. */
function later(a: Workflow | undefined, b: Workflow): Workflow {
  if (!a) return b
  const [first, second] = [a, b].map(({ metadata }) => metadata.creationTimestamp ?? '')
  if (first !== second) return (first ?? '') > (second ?? '') ? a : b
  return versionOf(a) > versionOf(b) ? a : b
}

function versionOf({ metadata }: Workflow): number {
  return Number(metadata.resourceVersion ?? 0)
}
