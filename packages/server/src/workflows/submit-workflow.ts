import {
  applySubmitOptions,
  labelCreator,
  type OwnerReference,
  type SubmitOptions,
  type SubmitSource,
  submitFrom,
  submitKind,
} from '@argosy/engine'
import { resources } from '@argosy/kube'
import { accepted, notFound } from '../http/api-error.ts'
import type { Call } from '../http/call.ts'
import { Message } from '../http/message.ts'
import { json, type Reply } from '../http/reply.ts'
import type { World } from '../world.ts'
import { checkWorkflow, inNamespace } from './checked.ts'
import { created, dryRun } from './created.ts'

/** `POST /api/v1/workflows/{namespace}/submit`: from a stored template, or from a schedule. */
export async function submitWorkflow(call: Call, world: World): Promise<Reply> {
  const { caller, params, signal } = call
  const namespace = params['namespace'] ?? ''
  const message = new Message(await call.body())
  const options = submitOptionsIn(message.message('submitOptions'))
  const source = await sourceOf(call, message)
  const labelled = labelCreator(submitFrom(source, world.clock.now()), caller.actor)
  const { workflow } = accepted(applySubmitOptions(inNamespace(labelled, namespace), options))
  const resource = resources.workflows
  await caller.may('create', { resource, namespace })
  await checkWorkflow(workflow, 'submit', { client: world.client, signal })
  if (options.dryRun) return json(workflow)
  if (options.serverDryRun) return json(await dryRun(world, resource, workflow))
  return json(await created(caller.client, resource, workflow, signal))
}

const kinds = {
  WorkflowTemplate: resources.workflowTemplates,
  ClusterWorkflowTemplate: resources.clusterWorkflowTemplates,
  CronWorkflow: resources.cronWorkflows,
} as const

async function sourceOf({ caller, params, signal }: Call, message: Message): Promise<SubmitSource> {
  const { kind } = accepted(submitKind(message.text('resourceKind')))
  const name = message.text('resourceName')
  const resource = kinds[kind]
  const namespace = resource.namespaced ? (params['namespace'] ?? '') : ''
  const object = await caller.client.get(
    { resource, name, ...(namespace && { namespace }) },
    signal,
  )
  if (!object) throw notFound(resource, name)
  return { kind, object } as SubmitSource
}

const known = [
  ...['name', 'generateName', 'entryPoint', 'entrypoint', 'parameters', 'artifacts', 'labels'],
  ...['annotations', 'serviceAccount', 'podPriorityClassName', 'priority', 'ownerReference'],
  ...['dryRun', 'serverDryRun'],
]

function submitOptionsIn(message: Message): SubmitOptions {
  message.only(known)
  const priority = message.number('priority')
  const ownerReference = message.object('ownerReference') as OwnerReference | undefined
  return {
    name: message.text('name'),
    generateName: message.text('generateName'),
    entrypoint: message.text('entryPoint') || message.text('entrypoint'),
    parameters: message.texts('parameters'),
    artifacts: message.texts('artifacts'),
    labels: message.text('labels'),
    annotations: message.text('annotations'),
    serviceAccount: message.text('serviceAccount'),
    podPriorityClassName: message.text('podPriorityClassName'),
    dryRun: message.flag('dryRun'),
    serverDryRun: message.flag('serverDryRun'),
    ...(priority !== undefined && { priority }),
    ...(ownerReference !== undefined && { ownerReference }),
  }
}
