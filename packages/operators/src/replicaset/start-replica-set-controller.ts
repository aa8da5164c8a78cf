import { resources } from '@argosy/kube'
import { type KeeperOptions, startPodKeeper } from '@argosy/kube/workload'
import { advanceReplicaSet, type ReplicaSet } from './advance-replica-set.ts'

/** Keeps as many pods of each ReplicaSet as it says. */
export function startReplicaSetController(options: KeeperOptions): AsyncDisposable {
  return startPodKeeper<ReplicaSet>(
    {
      component: 'replicaset-controller',
      resource: resources.replicaSets,
      decide: async (set, pods, { now }) => advanceReplicaSet(set, pods, now),
    },
    options,
  )
}
