import type { Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { claim, type KeeperOptions, ofNobody, plainPods, startKeeper } from '@argosy/kube/workload'
import { advanceReplicaSet, type ReplicaSet } from './advance-replica-set.ts'

/** Keeps as many pods of each ReplicaSet as it says. */
export function startReplicaSetController(options: KeeperOptions): AsyncDisposable {
  return startKeeper<ReplicaSet>(
    {
      component: 'replicaset-controller',
      resource: resources.replicaSets,
      with: [{ resource: resources.pods, labelSelector: plainPods, keys: ofNobody }],
      decide: async (set, reader) => {
        const { namespace = '' } = set.metadata
        const query = { resource: resources.pods, namespace, labelSelector: plainPods }
        const { mine, effects } = claim(set, resources.pods, await reader.all<Pod>(query))
        const decided = advanceReplicaSet(set, mine, reader.now)
        return { ...decided, effects: [...effects, ...decided.effects] }
      },
    },
    options,
  )
}
