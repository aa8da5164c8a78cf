import type { JsonObject, KubeObject } from '@argosy/engine'
import { resources } from '../resource.ts'
import { type Effect, refOf } from './effect.ts'
import { controlledBy } from './owning.ts'
import type { PodTemplate } from './pod-facts.ts'
import { shortHash } from './short-hash.ts'

/** A template as it once was. */
export interface Revision extends KubeObject {
  readonly revision?: number
  readonly data?: JsonObject
}

export interface Revised {
  readonly hash: string
  readonly name: string
  readonly effects: readonly Effect[]
}

/** Of pods: which revision of their owner's template they were made from. */
export const revisionLabel = 'controller-revision-hash'

const hashKey = 'controller.kubernetes.io/hash'

/** The revision of an owner's present template: one that is there, or one to be made. The newest has the highest number. */
export function revise(
  owner: KubeObject & { readonly spec: { readonly template: PodTemplate } },
  revisions: readonly Revision[],
): Revised {
  const { template } = owner.spec
  const hash = shortHash(template)
  const name = `${owner.metadata.name}-${hash}`
  const found = revisions.find(({ metadata }) => metadata.name === name)
  const others = revisions.filter((one) => one !== found)
  const next = Math.max(0, ...others.map(({ revision = 0 }) => revision)) + 1
  if (!found) return { hash, name, effects: [creation(owner, { hash, name, next })] }
  if ((found.revision ?? 0) >= next) return { hash, name, effects: [] }
  const ref = refOf(resources.controllerRevisions, found)
  return { hash, name, effects: [{ do: 'patch', ref, body: { revision: next } }] }
}

function creation(
  owner: Parameters<typeof revise>[0],
  { hash, name, next }: { readonly hash: string; readonly name: string; readonly next: number },
): Effect {
  const { template } = owner.spec
  const { namespace, annotations } = owner.metadata
  const object = {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      labels: { ...template.metadata?.labels, [hashKey]: hash },
      ...(annotations && { annotations: withoutApplied(annotations) }),
      ownerReferences: [controlledBy(owner)],
    },
    // kubectl applies this as a strategic merge patch to go back.
    data: { spec: { template: { ...template, $patch: 'replace' } } },
    revision: next,
  } as KubeObject
  return { do: 'create', resource: resources.controllerRevisions, object }
}

function withoutApplied(annotations: Readonly<Record<string, string>>): Record<string, string> {
  const { 'kubectl.kubernetes.io/last-applied-configuration': _, ...rest } = annotations
  return rest
}

/** The template of a revision. */
export function templateIn({ data }: Revision): PodTemplate | undefined {
  const { $patch: _, ...template } =
    (data as { readonly spec?: { readonly template?: JsonObject } } | undefined)?.spec?.template ??
    {}
  return 'spec' in template ? (template as unknown as PodTemplate) : undefined
}

/** Revisions that nothing needs, beyond how many are kept. */
export function oldRevisions(
  revisions: readonly Revision[],
  needed: ReadonlySet<string>,
  limit: number,
): readonly Effect[] {
  const idle = revisions
    .filter(({ metadata }) => !needed.has(metadata.name ?? ''))
    .sort((a, b) => (a.revision ?? 0) - (b.revision ?? 0))
  return idle.slice(0, Math.max(0, idle.length - limit)).map((revision) => ({
    do: 'remove',
    ref: refOf(resources.controllerRevisions, revision),
  }))
}
