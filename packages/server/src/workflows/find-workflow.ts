import type { Workflow } from '@argosy/engine'
import { resources } from '@argosy/kube'
import type { Caller } from '../auth/caller.ts'
import { ApiError, notFound } from '../http/api-error.ts'

export interface Named {
  readonly namespace: string
  /** `@latest` is the workflow that was created last. */
  readonly name: string
}

/** A workflow that is there now. Throws `NotFound`. */
export async function findWorkflow(
  { client }: Caller,
  { namespace, name }: Named,
  signal: AbortSignal,
): Promise<Workflow> {
  const resource = resources.workflows
  if (name === '@latest') return latest(client, namespace, signal)
  const found = await client.get<Workflow>({ resource, namespace, name }, signal)
  if (!found) throw notFound(resource, name)
  return found
}

async function latest(
  client: Caller['client'],
  namespace: string,
  signal: AbortSignal,
): Promise<Workflow> {
  const resource = resources.workflows
  const { items } = await client.list<Workflow>(
    { resource, ...(namespace && { namespace }) },
    signal,
  )
  const createdAt = ({ metadata }: Workflow) => metadata.creationTimestamp ?? ''
  const [first, ...others] = items
  if (!first) throw new ApiError('NotFound', 'no workflows found')
  return others.reduce((best, one) => (createdAt(one) > createdAt(best) ? one : best), first)
}
