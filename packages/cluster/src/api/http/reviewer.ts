import type { JsonObject, KubeObject } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import type { Question } from '../webhooks/admission-review.ts'
import type { Operation } from '../webhooks/hears-of.ts'
import type { ResourceCall } from './call.ts'
import { asStored, inVersion } from './versions.ts'
import type { World } from './world.ts'

/** Asks webhooks about one write. */
export interface Reviewer {
  /** What they make of the object, which is the very object when that is nothing. */
  mutate(
    object: KubeObject | undefined,
    old: KubeObject | undefined,
  ): Promise<KubeObject | undefined>
  validate(object: KubeObject | undefined, old: KubeObject | undefined): Promise<void>
}

interface Manner {
  readonly dryRun: boolean
  /** Tells the client something. */
  readonly warn: (text: string) => void
}

/** Who reviews a request; `undefined` when no webhook wants to hear of such ones. */
export function reviewerOf(
  call: ResourceCall,
  { webhooks }: World,
  operation: Operation,
  { dryRun, warn }: Manner,
): Reviewer | undefined {
  const { kind, target, identity, left, query } = call
  const { group, version, plural, subresource } = target
  const { namespaced } = kind.resource
  const write = { operation, group, version, plural, subresource, namespaced }
  if (!webhooks?.hear(write)) return undefined
  const shown = (object: KubeObject | undefined) =>
    object && (inVersion(kind, version, object) as unknown as JsonObject)
  const question = (object: KubeObject | undefined, old: KubeObject | undefined): Question => ({
    ...{ write, identity, dryRun, kind: kind.resource.kind },
    name: target.name ?? (object ?? old)?.metadata.name ?? '',
    namespace: target.namespace,
    fieldManager: query.get('fieldManager') ?? undefined,
    object: shown(object),
    old: shown(old),
  })
  const by = { signal: left(), warn }
  return {
    mutate: async (object, old) => {
      const asked = question(object, old)
      const made = await webhooks.mutate(asked, by)
      if (made === undefined || equalJson(made, asked.object ?? null)) return object
      return asStored(kind, version, made as unknown as KubeObject)
    },
    validate: (object, old) => webhooks.validate(question(object, old), by),
  }
}
