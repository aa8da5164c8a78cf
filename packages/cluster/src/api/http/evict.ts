import { isObject, type JsonObject, type KubeObject, matchesLabelSelector } from '@argosy/engine'
import { StatusError, valueAt } from '@argosy/kube'
import type { Kind } from '../kinds.ts'
import { objectIn, readBody } from './body.ts'
import type { ObjectCall } from './call.ts'
import { deletionIn } from './delete.ts'
import type { Place } from './objects.ts'
import { sendJson } from './reply.ts'
import type { World } from './world.ts'

/** `POST pods/x/eviction`: deletes the pod unless a disruption budget has nothing left. */
export async function evict(call: ObjectCall, world: World): Promise<void> {
  const { kind, place, response } = call
  const body = objectIn(await readBody(call.request))
  const given = isObject(body['deleteOptions']) ? body['deleteOptions'] : {}
  const { options, dryRun } = deletionIn(call, given)
  // What cannot be deleted spends nothing.
  await world.objects.remove(kind, place, options, true)
  const spent = spend(world, world.objects.get(kind, place), dryRun)
  // In the same turn: who looks in between would count the pod twice.
  const removed = world.objects.remove(kind, place, options, dryRun)
  await Promise.all([spent, removed])
  sendJson(response, 201, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    code: 201,
  })
}

/** Takes one disruption from the pod's budget; throws when there is none left. */
function spend(world: World, pod: KubeObject, isRehearsal: boolean): Promise<unknown> | undefined {
  const kind = world.objects.registry.served('poddisruptionbudgets.policy')
  if (!kind || needsNoLeave(pod)) return undefined
  const [budget, ...others] = budgetsOf(world, kind, pod)
  if (!budget) return undefined
  if (others.length > 0)
    throw new StatusError(
      'InternalError',
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    )
  const status = statusOf(budget)
  if (!isReady(pod) && isSick(budget, status)) return undefined
  refuseWhereSpent(budget, status)
  const { namespace = '', name = '' } = budget.metadata
  const place: Place = { namespace, name }
  return world.objects.edit(kind, place, isRehearsal, (draft) => {
    const value = status.allowed - 1
    draft.apply([{ op: 'replace', path: '/status/disruptionsAllowed', value }])
    return 'keep'
  })
}

/** As they are now, not as they were last committed: evictions come together. */
function budgetsOf(
  { objects }: World,
  kind: Kind,
  { metadata }: KubeObject,
): readonly KubeObject[] {
  const { namespace = '', labels = {} } = metadata
  return objects.list(kind, { namespace }).flatMap(({ value }) => {
    const { name = '' } = value.metadata
    const budget = objects.newest(kind, { namespace, name })
    const selector = read(budget, '/spec/selector')
    return budget && isObject(selector) && matchesLabelSelector(selector, labels) ? [budget] : []
  })
}

/** It does no work that anybody could miss. */
function needsNoLeave(pod: KubeObject): boolean {
  const phase = read(pod, '/status/phase') ?? 'Pending'
  const isIdle = phase === 'Pending' || phase === 'Succeeded' || phase === 'Failed'
  return isIdle || pod.metadata.deletionTimestamp !== undefined
}

function isReady(pod: KubeObject): boolean {
  const conditions = read(pod, '/status/conditions')
  if (!Array.isArray(conditions)) return false
  return (conditions as readonly JsonObject[]).some(
    ({ type, status }) => type === 'Ready' && status === 'True',
  )
}

interface BudgetStatus {
  readonly allowed: number
  readonly healthy: number
  readonly desired: number
  readonly isOld: boolean
}

function statusOf(budget: KubeObject): BudgetStatus {
  const number = (pointer: string) => Number(read(budget, pointer) ?? 0)
  return {
    allowed: number('/status/disruptionsAllowed'),
    healthy: number('/status/currentHealthy'),
    desired: number('/status/desiredHealthy'),
    isOld: number('/status/observedGeneration') < (budget.metadata.generation ?? 0),
  }
}

/** A pod that is not ready may go where enough others are, or always. */
function isSick(budget: KubeObject, { healthy, desired }: BudgetStatus): boolean {
  if (read(budget, '/spec/unhealthyPodEvictionPolicy') === 'AlwaysAllow') return true
  return healthy >= desired && desired > 0
}

function refuseWhereSpent(
  { metadata: { name } }: KubeObject,
  { allowed, healthy, desired, isOld }: BudgetStatus,
): void {
  if (!isOld && allowed > 0) return
  const message = isOld
    ? `The disruption budget ${name} is still being processed by the server.`
    : `The disruption budget ${name} needs ${desired} healthy pods and has ${healthy} currently`
  throw new StatusError(
    'TooManyRequests',
    "Cannot evict pod as it would violate the pod's disruption budget.",
    { details: { causes: [{ reason: 'DisruptionBudget', message }], retryAfterSeconds: 10 } },
  )
}

function read(object: KubeObject | undefined, pointer: string) {
  return valueAt(object as unknown as JsonObject | undefined, pointer)
}
