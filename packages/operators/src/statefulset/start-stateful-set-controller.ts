import { resources } from '@argosy/kube'
import { type KeeperOptions, revisionsOf, startPodKeeper } from '@argosy/kube/workload'
import { advanceStatefulSet } from './advance-stateful-set.ts'
import type { StatefulSet } from './stateful-set.ts'

/** Keeps the numbered pods of StatefulSets, and their claims. */
export function startStatefulSetController(options: KeeperOptions): AsyncDisposable {
  return startPodKeeper<StatefulSet>(
    {
      component: 'statefulset-controller',
      resource: resources.statefulSets,
      decide: async (set, pods, reader) => {
        const revisions = await revisionsOf(set, reader)
        return advanceStatefulSet({ set, pods, revisions }, reader.now)
      },
    },
    options,
  )
}
