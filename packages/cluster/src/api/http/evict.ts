import { isObject, type JsonObject, type KubeObject, matchesLabelSelector } from '@argosy/engine'
import { type RemoveOptions, StatusError, valueAt } from '@argosy/kube'
import { objectIn, readBody } from './body.ts'
import type { ObjectCall } from './call.ts'
import { isDryRun } from './query.ts'
import { sendJson } from './reply.ts'
import type { World } from './world.ts'

/** `POST pods/x/eviction`: deletes the pod unless a disruption budget has nothing left. */
export async function evict(call: ObjectCall, world: World): Promise<void> {
  const { kind, place, query, response } = call
  const body = objectIn(await readBody(call.request))
  checkBudgets(world, world.objects.get(kind, place))
  const given = isObject(body['deleteOptions']) ? body['deleteOptions'] : {}
  const { gracePeriodSeconds: seconds } = given
  const options: RemoveOptions = typeof seconds === 'number' ? { gracePeriodSeconds: seconds } : {}
  await world.objects.remove(kind, place, options, isDryRun(query.getAll('dryRun')))
  sendJson(response, 201, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    code: 201,
  })
}

function checkBudgets({ objects }: World, pod: KubeObject): void {
  const budgets = objects.registry.served('poddisruptionbudgets.policy')
  const { namespace = '', name = '' } = pod.metadata
  if (!budgets) return
  for (const { value } of objects.list(budgets, { namespace })) {
    const read = (pointer: string) => valueAt(value as unknown as JsonObject, pointer)
    const selector = read('/spec/selector')
    const isIts = isObject(selector) && matchesLabelSelector(selector, pod.metadata.labels ?? {})
    if (!isIts || read('/status/disruptionsAllowed') !== 0) continue
    const message = "Cannot evict pod as it would violate the pod's disruption budget."
    const cause = {
      reason: 'DisruptionBudget',
      message: `The disruption budget ${value.metadata.name} of pod ${name} allows no disruption now`,
    }
    throw new StatusError('TooManyRequests', message, {
      details: { causes: [cause], retryAfterSeconds: 10 },
    })
  }
}
