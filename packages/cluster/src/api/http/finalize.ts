import type { JsonObject } from '@argosy/engine'
import { valueAt } from '@argosy/kube'
import { settle } from '../changes.ts'
import type { ObjectCall } from './call.ts'
import { objectFrom } from './incoming.ts'
import { sendObject } from './present.ts'
import type { World } from './world.ts'
import { named } from './write.ts'

/** `PUT namespaces/x/finalize`: only the finalizers of the spec are taken. */
export async function finalize(call: ObjectCall, world: World): Promise<void> {
  const { kind, place } = call
  const object = named(call, (await objectFrom(call)).object)
  const value = valueAt(object as unknown as JsonObject, '/spec/finalizers') ?? []
  const written = await world.objects.edit(kind, place, false, (draft, before) => {
    draft.apply([{ op: 'add', path: '/spec/finalizers', value }])
    return settle(draft, before, kind)
  })
  sendObject(call, world, written.object)
}
