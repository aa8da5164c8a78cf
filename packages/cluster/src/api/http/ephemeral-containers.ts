import { isObject, type JsonObject } from '@argosy/engine'
import { type Draft, diffOps } from '@argosy/kube'
import { replace } from '../changes.ts'
import { readBody } from './body.ts'
import type { ObjectCall } from './call.ts'
import { objectFrom } from './incoming.ts'
import { applierOf } from './patch.ts'
import type { World } from './world.ts'
import { change, named } from './write.ts'

/** `PATCH` of `pods/x/ephemeralcontainers`: puts containers into a pod that is there. */
export async function patchEphemeral(call: ObjectCall, world: World): Promise<void> {
  const edit = applierOf(await readBody(call.request), call.kind)
  await change(call, world, (draft, live) => {
    edit(draft, call.kind, undefined)
    keepOnly(draft, live)
  })
}

/** `PUT` of `pods/x/ephemeralcontainers`, with the whole pod. */
export async function putEphemeral(call: ObjectCall, world: World): Promise<void> {
  const incoming = await objectFrom(call)
  const object = named(call, incoming.object)
  const edit = (draft: Draft, live: JsonObject) => {
    replace(draft, object, call.kind)
    keepOnly(draft, live)
  }
  await change(call, world, edit, incoming)
}

/** Nothing else of the pod changes that way; a version that is named must still be the last one. */
function keepOnly(draft: Draft, live: JsonObject): void {
  const root = draft.root as JsonObject
  const part = (from: JsonObject, name: string) => (isObject(from[name]) ? from[name] : {})
  const { ephemeralContainers } = part(root, 'spec')
  const { resourceVersion } = part(root, 'metadata')
  const wanted = {
    ...live,
    metadata: { ...part(live, 'metadata'), resourceVersion },
    spec: { ...part(live, 'spec'), ephemeralContainers },
  }
  draft.apply(diffOps(root, wanted))
}
