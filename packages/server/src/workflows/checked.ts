import {
  type JsonObject,
  type KubeObject,
  type Problem,
  parseWorkflow,
  unsupported,
  validateWorkflow,
  type Workflow,
} from '@argosy/engine'
import { ApiError, invalid } from '../http/api-error.ts'
import type { World } from '../world.ts'
import { templatesKnown } from './templates-known.ts'

/** Throws `InvalidArgument` with the first problem as its message, and all of them as details. */
export function refuse(problems: readonly Problem[]): void {
  const [first] = problems
  if (first) throw new ApiError('InvalidArgument', first.message, { problems })
}

/** Problems of a manifest's shape, which are told with their place. */
export function refuseShape(problems: readonly Problem[]): void {
  refuse(problems.map(({ path, message }) => ({ path, message: `${path}: ${message}` })))
}

/** A manifest of a request's body as a Workflow of the namespace in the path. */
export function workflowIn(object: JsonObject, namespace: string): Workflow {
  const { workflow, problems } = parseWorkflow({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    ...object,
  })
  refuseShape(problems)
  return inNamespace(workflow, namespace)
}

/** Without a namespace of its own it is the path's; with another one it is refused. */
export function inNamespace<T extends KubeObject>(object: T, namespace: string): T {
  const own = object.metadata.namespace ?? ''
  if (own !== '' && namespace !== '' && own !== namespace) {
    throw invalid(
      `the namespace of the provided object does not match the namespace sent on the request: ${own} is not ${namespace}`,
    )
  }
  const one = own || namespace
  if (one === '') throw invalid('metadata.namespace: a namespace is needed, here or in the path')
  return { ...object, metadata: { ...object.metadata, namespace: one } }
}

/** Throws what is wrong with a workflow, and what of it is not supported. */
export async function checkWorkflow(
  workflow: Workflow,
  mode: 'submit' | 'lint',
  { client, signal }: Pick<World, 'client'> & { readonly signal: AbortSignal },
): Promise<void> {
  const known = await templatesKnown(client, workflow.metadata.namespace ?? '', signal)
  refuse(validateWorkflow(workflow, known, mode))
  refuse(unsupported(workflow.spec))
}
