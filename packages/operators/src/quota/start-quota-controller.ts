import type { KubeObject, Pod } from '@argosy/engine'
import { type Resource, resources } from '@argosy/kube'
import {
  type Decided,
  inNamespaceOf,
  type KeeperOptions,
  type Reader,
  startKeeper,
} from '@argosy/kube/workload'
import { advanceQuota, type Claim, type Quota } from './advance-quota.ts'

const replicationControllers: Resource = {
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  namespaced: true,
}

/** What is counted by number alone. */
const counted: readonly Resource[] = [
  resources.services,
  resources.configMaps,
  resources.secrets,
  resources.resourceQuotas,
  replicationControllers,
  resources.jobs,
  resources.cronJobs,
  resources.deployments,
  resources.replicaSets,
  resources.statefulSets,
]

/** Keeps account of what ResourceQuotas limit. */
export function startQuotaController(options: KeeperOptions): AsyncDisposable {
  const watched = [resources.pods, resources.persistentVolumeClaims, ...counted]
  return startKeeper<Quota>(
    {
      component: 'resourcequota-controller',
      resource: resources.resourceQuotas,
      with: watched.map((resource) => ({ resource, keys: inNamespaceOf })),
      decide,
    },
    options,
  )
}

async function decide(quota: Quota, reader: Reader): Promise<Decided> {
  const { namespace = '' } = quota.metadata
  const pods = await reader.all<Pod>({ resource: resources.pods, namespace })
  const resource = resources.persistentVolumeClaims
  const claims = await reader.all<Claim>({ resource, namespace })
  const counts: Record<string, number> = {}
  for (const kind of counted) {
    const { length } = await reader.all<KubeObject>({ resource: kind, namespace })
    counts[kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`] = length
  }
  return advanceQuota(quota, { pods, claims, counts })
}
