import { type KubeObject, type ObjectMeta, type Pod, type PodSpec, parseTime } from '@argosy/engine'
import { controlledBy } from './owning.ts'

export interface PodTemplate {
  readonly metadata?: ObjectMeta
  readonly spec: PodSpec
}

/** The pod that a template makes for its owner. */
export function podFrom(owner: KubeObject, template: PodTemplate, name: string): Pod {
  const { labels, annotations, finalizers } = template.metadata ?? {}
  const { namespace } = owner.metadata
  const metadata: ObjectMeta = {
    name,
    ...(namespace !== undefined && { namespace }),
    ...(labels && { labels }),
    ...(annotations && { annotations }),
    ...(finalizers && { finalizers }),
    ownerReferences: [controlledBy(owner)],
  }
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: template.spec }
}

/** As `podFrom`, with a name that the server makes up. */
export function unnamedPodFrom(owner: KubeObject, template: PodTemplate): Pod {
  const { name: _, ...metadata } = podFrom(owner, template, '').metadata
  const generateName = `${owner.metadata.name}-`.slice(0, 248)
  const object = { apiVersion: 'v1', kind: 'Pod', metadata: { generateName, ...metadata } }
  return { ...object, spec: template.spec }
}

export function isPodEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}

export function isPodLeaving({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined
}

/** Neither ended nor on its way out. */
export function isPodActive(pod: Pod): boolean {
  return !isPodEnded(pod) && !isPodLeaving(pod)
}

export function isPodReady({ status }: Pod): boolean {
  return (
    status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
  )
}

/** Since when, or from when on, a pod that is ready counts as available. */
export function podAvailableAt(pod: Pod, minReadySeconds = 0): number | undefined {
  const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready')
  if (ready?.status !== 'True') return undefined
  const since =
    ready.lastTransitionTime === undefined ? 0 : (parseTime(ready.lastTransitionTime) ?? 0)
  return since + minReadySeconds * 1000
}

export interface Availability {
  /** How many are available now. */
  readonly available: number
  /** When the next one will be. */
  readonly nextAt: number | undefined
}

export function availability(
  pods: readonly Pod[],
  minReadySeconds: number | undefined,
  now: number,
): Availability {
  const times = pods.flatMap((pod) => podAvailableAt(pod, minReadySeconds) ?? [])
  const later = times.filter((at) => at > now)
  return {
    available: times.length - later.length,
    nextAt: later.length === 0 ? undefined : Math.min(...later),
  }
}

export function createdAt({ metadata }: KubeObject): number {
  return parseTime(metadata.creationTimestamp ?? '') ?? 0
}
