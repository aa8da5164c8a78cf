import type { JsonObject, KubeObject } from '@argosy/engine'
import { equalJson, type Resource, resources } from '@argosy/kube'
import type { ObjectVersion } from '../../store/object-version.ts'
import type { Store } from '../../store/store.ts'
import type { Admit, Guard } from '../http/world.ts'
import { collectionOf } from '../kinds.ts'
import { objectAt } from '../parts/table/at.ts'
import { forbidden } from '../refusals.ts'
import { claimLimitFlaws, podLimitFlaws, withLimits } from './limit-ranges.ts'
import { type SecurityLevel, securityFlaws } from './pod-security.ts'
import { type Counted, quotaUse } from './quota-use.ts'
import { quotaRefusal } from './quotas.ts'

type Reads = Pick<Store, 'newest' | 'list'>

/** A new pod as the LimitRanges and the security level of its namespace want it; throws `Forbidden`. */
export function admitByNamespace(store: Reads, pod: KubeObject): KubeObject {
  const { namespace = '' } = pod.metadata
  const ranges = inNamespace(store, 'limitranges', namespace)
  const spec = withLimits(specOf(pod), ranges)
  refuse(resources.pods, pod, podLimitFlaws(spec, ranges))
  const level = levelOf(store, namespace, 'enforce')
  const flaws = securityFlaws(spec, level)
  if (flaws.length > 0) {
    const why = `violates PodSecurity "${level}:latest": ${flaws.join(', ')}`
    throw forbidden(resources.pods, nameOf(pod), why)
  }
  return spec === specOf(pod) ? pod : ({ ...pod, spec } as KubeObject)
}

/** Throws `Forbidden` when a ResourceQuota has nothing left for a new object. To be called in the turn that creates it. */
export function checkQuotas(store: Counted, resource: Resource, object: KubeObject): void {
  const { namespace = '' } = object.metadata
  const collection = collectionOf(resource)
  const quotas = inNamespace(store, 'resourcequotas', namespace)
  const use = quotaUse(store)
  if (quotas.length === 0) {
    use.forget({ namespace, collection })
    return
  }
  const usedOf = use.at({ namespace, collection }, quotas)
  for (const quota of quotas) {
    const newcomer = { collection, object: object as unknown as JsonObject }
    const why = quotaRefusal(quota, newcomer, usedOf)
    if (why !== undefined) throw forbidden(resource, nameOf(object), why)
  }
}

/** Quotas, for whatever comes over HTTP. */
export function guardQuotas(store: Counted): Guard {
  return ({ kind, object, old }) => {
    if (old === undefined) checkQuotas(store, kind.resource, object as unknown as KubeObject)
  }
}

/** The security level of a namespace holds for what is put into its pods later, too. */
export function guardEphemeral(store: Reads): Guard {
  return ({ kind, object, old }) => {
    if (old === undefined || collectionOf(kind.resource) !== 'pods') return
    const spec = objectAt(object, 'spec')
    const { ephemeralContainers } = spec
    if (ephemeralContainers === undefined) return
    if (equalJson(ephemeralContainers, objectAt(old, 'spec')['ephemeralContainers'] ?? null)) return
    const pod = object as unknown as KubeObject
    const level = levelOf(store, pod.metadata.namespace ?? '', 'enforce')
    const flaws = securityFlaws(spec, level)
    if (flaws.length === 0) return
    const why = `violates PodSecurity "${level}:latest": ${flaws.join(', ')}`
    throw forbidden(resources.pods, nameOf(pod), why)
  }
}

/** LimitRanges on claims. */
export function admitClaims(store: Reads): Admit {
  return async ({ resource }, object) => {
    if (collectionOf(resource) !== 'persistentvolumeclaims') return object
    const ranges = inNamespace(store, 'limitranges', object.metadata.namespace ?? '')
    refuse(resource, object, claimLimitFlaws(specOf(object), ranges))
    return object
  }
}

/** Says what would be refused if the level that a namespace warns of were enforced. */
export function warnOfSecurity(store: Reads): Admit {
  return async (_, object, { warn }) => {
    const spec = podSpecIn(object)
    const level = spec ? levelOf(store, object.metadata.namespace ?? '', 'warn') : 'privileged'
    const flaws = spec ? securityFlaws(spec, level) : []
    if (flaws.length > 0) warn(`would violate PodSecurity "${level}:latest": ${flaws.join(', ')}`)
    return object
  }
}

/** The pod that an object is, or makes others of. */
function podSpecIn(object: KubeObject): JsonObject | undefined {
  const json = object as unknown as JsonObject
  const spec = objectAt(json, 'spec')
  if (object.kind === 'Pod') return spec
  const workloads = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job']
  if (workloads.includes(object.kind)) return objectAt(spec, 'template', 'spec')
  return object.kind === 'CronJob'
    ? objectAt(spec, 'jobTemplate', 'spec', 'template', 'spec')
    : undefined
}

const levels: readonly string[] = ['baseline', 'restricted']

function levelOf(store: Reads, name: string, mode: 'enforce' | 'warn'): SecurityLevel {
  const key = { collection: 'namespaces', namespace: '', name }
  const level = store.newest(key)?.metadata.labels?.[`pod-security.kubernetes.io/${mode}`] ?? ''
  return levels.includes(level) ? (level as SecurityLevel) : 'privileged'
}

function inNamespace(store: Reads, collection: string, namespace: string): readonly JsonObject[] {
  return store.list(collection).flatMap((one) => (one.namespace === namespace ? [json(one)] : []))
}

function json({ value }: ObjectVersion): JsonObject {
  return value as unknown as JsonObject
}

function refuse(resource: Resource, object: KubeObject, flaws: readonly string[]): void {
  if (flaws.length === 0) return
  const list = flaws.length === 1 ? (flaws[0] ?? '') : `[${flaws.join(', ')}]`
  throw forbidden(resource, nameOf(object), list)
}

function specOf(object: KubeObject): JsonObject {
  return objectAt(object as unknown as JsonObject, 'spec')
}

function nameOf({ metadata }: KubeObject): string {
  return metadata.name ?? metadata.generateName ?? ''
}
