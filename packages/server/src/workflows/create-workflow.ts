import { labelCreator } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { invalid } from '../http/api-error.ts'
import type { Call } from '../http/call.ts'
import { Message } from '../http/message.ts'
import { json, type Reply } from '../http/reply.ts'
import type { World } from '../world.ts'
import { checkWorkflow, workflowIn } from './checked.ts'
import { created, dryRun } from './created.ts'

/** `POST /api/v1/workflows/{namespace}` */
export async function createWorkflow(call: Call, world: World): Promise<Reply> {
  const { caller, params, signal } = call
  const message = new Message(await call.body())
  const manifest = message.object('workflow')
  if (manifest === undefined) throw invalid('workflow body not specified')
  const resource = resources.workflows
  const parsed = workflowIn(manifest, params['namespace'] ?? '')
  const workflow = labelCreator(parsed, caller.actor)
  const { namespace = '' } = workflow.metadata
  await caller.may('create', { resource, namespace })
  await checkWorkflow(workflow, 'submit', { client: world.client, signal })
  if (message.message('createOptions').texts('dryRun').length > 0) return json(workflow)
  if (message.flag('serverDryRun')) return json(await dryRun(world, resource, workflow))
  return json(await created(caller.client, resource, workflow, signal))
}

/** `POST /api/v1/workflows/{namespace}/lint` */
export async function lintWorkflow(call: Call, { client }: World): Promise<Reply> {
  const manifest = new Message(await call.body()).object('workflow')
  if (manifest === undefined) throw invalid('unable to get a workflow')
  const { caller, params, signal } = call
  const workflow = labelCreator(workflowIn(manifest, params['namespace'] ?? ''), caller.actor)
  await checkWorkflow(workflow, 'lint', { client, signal })
  return json(workflow)
}
