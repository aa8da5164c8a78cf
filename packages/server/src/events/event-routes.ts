import { randomUUID } from 'node:crypto'
import {
  formatTime,
  isEventMeant,
  type Json,
  type KubeObject,
  labelCreator,
  type ReceivedEvent,
  type WorkflowEventBinding,
  type WorkflowTemplate,
  workflowOfEvent,
} from '@argosy/engine'
import { resources } from '@argosy/kube'
import { ApiError, accepted, apiErrorOf, invalid, notFound } from '../http/api-error.ts'
import type { Call } from '../http/call.ts'
import { json, type Reply } from '../http/reply.ts'
import type { Route } from '../http/router.ts'
import { listStored } from '../stored/list-stored.ts'
import { checkWorkflow } from '../workflows/checked.ts'
import { created, randomSuffix } from '../workflows/created.ts'
import type { World } from '../world.ts'

const bindings = { resource: resources.workflowEventBindings }

/** argo: EventService. */
export function eventRoutes(world: World): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/workflow-event-bindings/{namespace}',
      handle: (call) => listStored(call, bindings),
    },
    {
      method: 'POST',
      path: '/api/v1/events/{namespace}/{discriminator}',
      takesWebhooks: true,
      handle: (call) => receive(call, world),
    },
  ]
}

/** GitHub's largest payloads have 25 MB: such are refused, as upstream does. */
const mostPayload = 2 * 1024 * 1024

/** Every binding of the namespace is tried; what fails for one is noted on it, and told to the sender. */
async function receive(call: Call, world: World): Promise<Reply> {
  const { caller, params, signal } = call
  const { namespace = '', discriminator = '' } = params
  const { items } = await caller.client.list<WorkflowEventBinding>(
    { ...bindings, namespace },
    signal,
  )
  const payload = payloadOf(await call.bytes(mostPayload))
  const event = { namespace, discriminator, payload, metadata: metadataOf(call) }
  const failures: ApiError[] = []
  for (const binding of items) {
    try {
      await dispatch(binding, event, { call, world })
    } catch (error) {
      const failure = apiErrorOf(error, () => undefined)
      failures.push(failure)
      await note(binding, `failed to dispatch event: ${failure.message}`, world)
    }
  }
  if (failures.length === 0) return json({})
  const messages = failures.map(({ message }) => message)
  // What bindings refuse is the sender's to mend; only what nobody meant to happen is worth sending again.
  const [code = 'Internal'] = new Set(failures.map((failure) => failure.code))
  const isRefusal = failures.every(({ code: one }) => one !== 'Internal')
  throw new ApiError(
    isRefusal ? code : 'Internal',
    `failed to dispatch event: [${messages.join(' ')}]`,
  )
}

function payloadOf(body: Buffer): Json {
  const text = body.toString('utf8').trim()
  if (text === '') return null
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    throw invalid(`the body is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Others may hold secrets. */
function metadataOf({ headers }: Call): ReceivedEvent['metadata'] {
  const own = Object.entries(headers).filter(([name]) => name.startsWith('x-'))
  return Object.fromEntries(own.map(([name, value]) => [name, [value ?? []].flat()]))
}

async function dispatch(
  binding: WorkflowEventBinding,
  event: ReceivedEvent,
  { call, world }: { readonly call: Call; readonly world: World },
): Promise<void> {
  const { submit } = binding.spec
  if (!accepted(isEventMeant(binding, event)).meant || submit === undefined) return
  const { caller, signal } = call
  const { name, clusterScope = false } = submit.workflowTemplateRef
  const resource = clusterScope ? resources.clusterWorkflowTemplates : resources.workflowTemplates
  const place = clusterScope ? {} : { namespace: event.namespace }
  const template = await caller.client.get<WorkflowTemplate>({ resource, name, ...place }, signal)
  if (!template) {
    throw new ApiError(
      'NotFound',
      `failed to get workflow template: ${notFound(resource, name).message}`,
    )
  }
  const { workflow } = accepted(workflowOfEvent(binding, template, event))
  const { metadata } = workflow
  const own = metadata.name || `${metadata.generateName ?? ''}${randomSuffix()}`
  const named = { ...workflow, metadata: { ...metadata, name: own } }
  const labelled = labelCreator(named, caller.actor)
  await checkWorkflow(labelled, 'submit', { client: world.client, signal })
  await created(caller.client, resources.workflows, labelled, signal)
}

/** A warning on the binding; written as the server itself. */
async function note(
  { metadata, apiVersion, kind }: WorkflowEventBinding,
  message: string,
  { client, clock, log }: World,
): Promise<void> {
  const { namespace = '', name = '', uid } = metadata
  const at = formatTime(clock.now())
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { namespace, name: `${name}.${randomUUID().slice(0, 8)}` },
    ...{ type: 'Warning', reason: 'WorkflowEventBindingError', message, count: 1 },
    ...{ firstTimestamp: at, lastTimestamp: at, source: { component: 'argo-server' } },
    involvedObject: { apiVersion, kind, namespace, name, uid },
  } as KubeObject
  const failed = (error: unknown) => log(`event of ${namespace}/${name}: ${String(error)}`)
  await client.create(resources.events, event).catch(failed)
}
