import type { JsonObject, KubeObject, Pod, Volume } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { type Effect, type PodTemplate, podFrom, revisionLabel } from '@argosy/kube/workload'
import type { ClaimTemplate, StatefulSet } from './stateful-set.ts'

/** The claims of a pod and the pod itself; all have names of their own, so they are made once. */
export function podEffects(
  set: StatefulSet,
  ordinal: number,
  { template, revision }: { readonly template: PodTemplate; readonly revision: string },
): readonly Effect[] {
  const claims = (set.spec.volumeClaimTemplates ?? []).map((one): Effect => {
    const object = claimOf(set, one, ordinal)
    return { do: 'create', resource: resources.persistentVolumeClaims, object }
  })
  const object = podOf(set, template, { ordinal, revision })
  return [...claims, { do: 'create', resource: resources.pods, object }]
}

export function claimName(set: StatefulSet, { metadata }: ClaimTemplate, ordinal: number): string {
  return `${metadata.name}-${set.metadata.name}-${ordinal}`
}

function claimOf(set: StatefulSet, template: ClaimTemplate, ordinal: number): KubeObject {
  const { namespace, name = '', uid = '' } = set.metadata
  const { labels, annotations } = template.metadata
  const isOwned = set.spec.persistentVolumeClaimRetentionPolicy?.whenDeleted === 'Delete'
  const owner = { apiVersion: set.apiVersion, kind: set.kind, name, uid }
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: claimName(set, template, ordinal),
      ...(namespace !== undefined && { namespace }),
      labels: { ...labels, ...set.spec.selector?.matchLabels },
      ...(annotations && { annotations }),
      ...(isOwned && { ownerReferences: [owner] }),
    },
    spec: template.spec,
  } as KubeObject
}

function podOf(
  set: StatefulSet,
  template: PodTemplate,
  { ordinal, revision }: { readonly ordinal: number; readonly revision: string },
): Pod {
  const name = `${set.metadata.name}-${ordinal}`
  const pod = podFrom(set, template, name)
  const claims = set.spec.volumeClaimTemplates ?? []
  const own = new Set(claims.map(({ metadata }) => metadata.name))
  const volumes: Volume[] = [
    ...(pod.spec.volumes ?? []).filter((volume) => !own.has(volume.name)),
    ...claims.map((one) => ({
      name: one.metadata.name ?? '',
      persistentVolumeClaim: { claimName: claimName(set, one, ordinal) },
    })),
  ]
  const { serviceName } = set.spec
  const more: JsonObject = { hostname: name, ...(serviceName && { subdomain: serviceName }) }
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      labels: {
        ...pod.metadata.labels,
        [revisionLabel]: revision,
        'statefulset.kubernetes.io/pod-name': name,
        'apps.kubernetes.io/pod-index': String(ordinal),
      },
    },
    spec: { ...pod.spec, ...more, ...(volumes.length > 0 && { volumes }) },
  }
}
