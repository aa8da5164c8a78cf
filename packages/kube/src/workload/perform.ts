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
 */
export async function perform(effects: readonly Effect[], doer: Doer): Promise<void> {
  let together: Promise<void>[] = []
  for (const [index, effect] of effects.entries()) {
    together.push(one(effect, doer))
    // What is of the same sort shares a commit.
    if (effects[index + 1]?.do === effect.do) continue
    const ends = await Promise.allSettled(together)
    together = []
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }
}

async function one(effect: Effect, doer: Doer): Promise<void> {
  const { client } = doer
  if (effect.do === 'event') return say(doer, effect)
  if (effect.do === 'create') return create(effect, doer)
  if (effect.do === 'remove') {
    return client.remove(effect.ref, effect.options).catch(ignore('NotFound', 'Conflict'))
  }
  const { ref, body } = effect
  const sub = effect.do === 'status' ? ({ subresource: 'status' } as const) : {}
  await client.patch(ref, { type: 'merge', body, ...sub }).catch(ignore('NotFound'))
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
