import type { Json, JsonObject } from '@argosy/engine'
import { diffOps, valueAt } from '@argosy/kube'
import { rfc3339 } from '../time.ts'
import type { ObjectCall } from './call.ts'
import { objectFrom } from './incoming.ts'
import type { World } from './world.ts'
import { change, named } from './write.ts'

/** `PUT certificatesigningrequests/x/approval`: only the conditions are taken. Who may decide, a guard says. */
export async function approve(call: ObjectCall, world: World): Promise<void> {
  const incoming = await objectFrom(call)
  const object = named(call, incoming.object) as unknown as JsonObject
  const given = (valueAt(object, '/status/conditions') ?? []) as readonly JsonObject[]
  const now = rfc3339(world.clock.now())
  const conditions = given.map((one) => dated(one, now))
  const version = valueAt(object, '/metadata/resourceVersion')
  await change(
    call,
    world,
    (draft) => {
      const old = draft.root as JsonObject
      const metadata = {
        ...(old['metadata'] as JsonObject),
        ...(version && { resourceVersion: version }),
      }
      const status = { ...(old['status'] as JsonObject | undefined), conditions }
      draft.apply(diffOps(old, { ...old, metadata, status }))
    },
    incoming,
  )
}

/** What kubectl leaves to the server. */
function dated(condition: JsonObject, now: string): JsonObject {
  const absent: Record<string, Json> = {
    ...{ status: 'True', lastUpdateTime: now, lastTransitionTime: now },
  }
  const missing = Object.entries(absent).filter(([name]) => !condition[name])
  return { ...condition, ...Object.fromEntries(missing) }
}
