import type { KubeObject } from '@argosy/engine'
import { formatTime } from '@argosy/engine'
import type { Client } from '../client.ts'
import { apiVersionOf, resources } from '../resource.ts'
import { ignore, StatusError } from '../status-error.ts'
import type { Effect } from './effect.ts'
import { shortHash } from './short-hash.ts'

/** On whose behalf effects go out. */
export interface Doer {
  readonly client: Client
  readonly now: number
  /** As `kubectl describe` shows it. */
  readonly component: string
  /** What events are about. */
  readonly about: KubeObject
}

/**
 * Does what was decided, in order. Somebody who was faster is no failure: what is left to do will be decided anew.
 * Throws when the server would not take an object, after saying so in an event.
 *
 * What is written to the object itself names the version that it was decided from. Resolves to false when that one is no
 * more: the rest was decided from it as well, and is not done.
 */
export async function perform(effects: readonly Effect[], doer: Doer): Promise<boolean> {
  let version = doer.about.metadata.resourceVersion
  for (const batch of batchesOf(effects, doer.about)) {
    const own = ownIn(batch, doer.about)
    if (own === undefined) await together(batch, doer)
    else {
      const written = await write(own, doer, version).catch(ignore('NotFound', 'Conflict'))
      if (written === undefined) return false
      version = written.resourceVersion
    }
  }
  return true
}

/** What is of the same sort shares a commit; what is written to the object itself goes alone. */
function batchesOf(effects: readonly Effect[], about: KubeObject): readonly (readonly Effect[])[] {
  const batches: Effect[][] = []
  let key = ''
  for (const [index, effect] of effects.entries()) {
    const sort = isOwn(effect, about) ? String(index) : effect.do
    if (sort === key) batches.at(-1)?.push(effect)
    else batches.push([effect])
    key = sort
  }
  return batches
}

function ownIn([first]: readonly Effect[], about: KubeObject): Change | undefined {
  return first && isOwn(first, about) ? first : undefined
}

async function together(batch: readonly Effect[], doer: Doer): Promise<void> {
  const ends = await Promise.allSettled(batch.map((effect) => one(effect, doer)))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

type Change = Extract<Effect, { do: 'patch' | 'status' }>

function isOwn(effect: Effect, { kind, metadata }: KubeObject): effect is Change {
  if (effect.do !== 'patch' && effect.do !== 'status') return false
  const { resource, namespace, name } = effect.ref
  return resource.kind === kind && name === metadata.name && namespace === metadata.namespace
}

function write({ do: sort, ref, body }: Change, { client }: Doer, version?: string) {
  return client.patch(ref, {
    ...{ type: 'merge', body },
    ...(sort === 'status' && { subresource: 'status' }),
    ...(version !== undefined && { resourceVersion: version }),
  })
}

async function one(effect: Effect, doer: Doer): Promise<void> {
  if (effect.do === 'event') return say(doer, effect)
  if (effect.do === 'create') return create(effect, doer)
  if (effect.do === 'remove') {
    return doer.client.remove(effect.ref, effect.options).catch(ignore('NotFound', 'Conflict'))
  }
  await write(effect, doer).catch(ignore('NotFound'))
}

const refusals: readonly string[] = ['BadRequest', 'Forbidden', 'Invalid']

async function create(
  { resource, object }: Extract<Effect, { do: 'create' }>,
  doer: Doer,
): Promise<void> {
  try {
    const { name } = await doer.client.create(resource, object)
    if (resource.kind !== 'Pod' && resource.kind !== 'Job') return
    const message = `Created ${resource.kind === 'Pod' ? 'pod' : 'job'}${resource.kind === 'Pod' ? ':' : ''} ${name}`
    await say(doer, { type: 'Normal', reason: 'SuccessfulCreate', message })
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    if (error.reason === 'AlreadyExists') return
    if (refusals.includes(error.reason)) {
      const message = `Error creating: ${error.message}`
      await say(doer, { type: 'Warning', reason: 'FailedCreate', message })
    }
    throw error
  }
}

interface Words {
  readonly type: string
  readonly reason: string
  readonly message: string
}

/** Said once for the same words and time; losing one is no harm. */
async function say({ client, about, component, now }: Doer, words: Words): Promise<void> {
  const { name = '', namespace = 'default', uid = '' } = about.metadata
  const at = formatTime(now)
  const { apiVersion, kind } = about
  const { type, reason, message } = words
  const event = {
    apiVersion: apiVersionOf(resources.events),
    kind: 'Event',
    metadata: { name: `${name}.${shortHash([uid, at, reason, message])}`, namespace },
    involvedObject: { apiVersion, kind, namespace, name, uid },
    ...{ type, reason, message, count: 1 },
    source: { component },
    reportingComponent: component,
    reportingInstance: '',
    firstTimestamp: at,
    lastTimestamp: at,
  }
  await client.create(resources.events, event).catch(() => undefined)
}
