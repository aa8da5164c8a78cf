import {
  isObject,
  labelCreator,
  type Retried,
  type RetryOptions,
  resubmitWorkflow,
  resumeWorkflow,
  retryWorkflow,
  type SetOptions,
  setWorkflow,
  stopWorkflow,
  suspendWorkflow,
  terminateWorkflow,
  type Workflow,
} from '@argosy/engine'
import { type Client, ignore, type Resource, resources } from '@argosy/kube'
import { accepted, invalid } from '../http/api-error.ts'
import type { Call } from '../http/call.ts'
import { Message } from '../http/message.ts'
import { json, type Reply } from '../http/reply.ts'
import type { World } from '../world.ts'
import { changeWorkflow } from './change-workflow.ts'
import { checkWorkflow } from './checked.ts'
import { created, randomSuffix } from './created.ts'
import { findWorkflow } from './find-workflow.ts'

/** `PUT …/{name}/suspend` */
export async function suspend(call: Call): Promise<Reply> {
  return json(await changeWorkflow(call, (one) => suspendWorkflow(one, call.caller.actor)))
}

/** `PUT …/{name}/resume` */
export async function resume(call: Call, { clock }: World): Promise<Reply> {
  const nodeFieldSelector = new Message(await call.body()).text('nodeFieldSelector')
  const options = { nodeFieldSelector, ...actorOf(call) }
  return json(
    await changeWorkflow(call, (one) => resumeWorkflow(one, { ...options, now: clock.now() })),
  )
}

/** `PUT …/{name}/terminate` */
export async function terminate(call: Call): Promise<Reply> {
  return json(await changeWorkflow(call, (one) => terminateWorkflow(one, call.caller.actor)))
}

/** `PUT …/{name}/stop` */
export async function stop(call: Call, { clock }: World): Promise<Reply> {
  const body = new Message(await call.body())
  const options = {
    nodeFieldSelector: body.text('nodeFieldSelector'),
    message: body.text('message'),
    ...actorOf(call),
  }
  return json(
    await changeWorkflow(call, (one) => stopWorkflow(one, { ...options, now: clock.now() })),
  )
}

/** `PUT …/{name}/set` */
export async function set(call: Call, { clock }: World): Promise<Reply> {
  const body = new Message(await call.body())
  const [phase, message] = [body.text('phase'), body.text('message')]
  const outputParameters = outputsIn(body.text('outputParameters'))
  const options = {
    nodeFieldSelector: body.text('nodeFieldSelector'),
    ...(phase && { phase: phase as NonNullable<SetOptions['phase']> }),
    ...(message && { message }),
    ...(outputParameters && { outputParameters }),
    ...actorOf(call),
  }
  return json(
    await changeWorkflow(call, (one) => setWorkflow(one, { ...options, now: clock.now() })),
  )
}

function outputsIn(text: string): Readonly<Record<string, string>> | undefined {
  if (text === '') return undefined
  const what = 'unable to parse output parameter set request'
  const value = parsed(text, what)
  const isMap = isObject(value) && Object.values(value).every((one) => typeof one === 'string')
  if (isMap) return value as Readonly<Record<string, string>>
  throw invalid(`${what}: outputParameters: expected a JSON object of strings`)
}

function parsed(text: string, what: string) {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid(`${what}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** `PUT …/{name}/retry` */
export async function retry(call: Call, { clock }: World): Promise<Reply> {
  const options = { ...retryOptionsIn(new Message(await call.body())), ...actorOf(call) }
  const workflow = await changeWorkflow(
    call,
    (one) => retryWorkflow(one, { ...options, now: clock.now() }),
    (retried) => removeOld(call.caller.client, retried, call.signal),
  )
  return json(workflow)
}

export function retryOptionsIn(body: Message): Omit<RetryOptions, 'now'> {
  return {
    restartSuccessful: body.flag('restartSuccessful'),
    nodeFieldSelector: body.text('nodeFieldSelector'),
    parameters: body.texts('parameters'),
  }
}

/** What the nodes that will run again have left. */
export async function removeOld(
  client: Client,
  { workflow, podsToDelete, resultsToDelete }: Retried,
  signal: AbortSignal,
): Promise<void> {
  const { namespace = '' } = workflow.metadata
  const remove = (resource: Resource) => (name: string) =>
    client.remove({ resource, namespace, name }, {}, signal).catch(ignore('NotFound'))
  await Promise.all([
    ...podsToDelete.map(remove(resources.pods)),
    ...resultsToDelete.map(remove(resources.workflowTaskResults)),
  ])
}

/** `PUT …/{name}/resubmit` */
export async function resubmit(call: Call, world: World): Promise<Reply> {
  const { caller, params, signal } = call
  const body = new Message(await call.body())
  const named = { namespace: params['namespace'] ?? '', name: params['name'] ?? '' }
  const workflow = await findWorkflow(caller, named, signal)
  return json(await resubmitted(workflow, call, { body, world }))
}

/** The new workflow, created. */
export async function resubmitted(
  old: Workflow,
  { caller, signal }: Call,
  { body, world }: { readonly body: Message; readonly world: World },
): Promise<Workflow> {
  const { workflow } = accepted(
    resubmitWorkflow(old, {
      now: world.clock.now(),
      memoized: body.flag('memoized'),
      parameters: body.texts('parameters'),
      suffix: randomSuffix(),
    }),
  )
  await checkWorkflow(workflow, 'submit', { client: world.client, signal })
  const labelled = labelCreator(workflow, caller.actor)
  return created(caller.client, resources.workflows, labelled, signal)
}

function actorOf({ caller: { actor } }: Call) {
  return actor === undefined ? {} : { actor }
}
