import type { Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import {
  claim,
  controllerOf,
  type KeeperOptions,
  ofNobody,
  plainPods,
  type Revision,
  startKeeper,
} from '@argosy/kube/workload'
import { advanceStatefulSet } from './advance-stateful-set.ts'
import type { StatefulSet } from './stateful-set.ts'

/** Keeps the numbered pods of StatefulSets, and their claims. */
export function startStatefulSetController(options: KeeperOptions): AsyncDisposable {
  return startKeeper<StatefulSet>(
    {
      component: 'statefulset-controller',
      resource: resources.statefulSets,
      with: [{ resource: resources.pods, labelSelector: plainPods, keys: ofNobody }],
      decide: async (set, reader) => {
        const { namespace = '', uid } = set.metadata
        const query = { resource: resources.pods, namespace, labelSelector: plainPods }
        const { mine: pods, effects } = claim(set, resources.pods, await reader.all<Pod>(query))
        const known = { resource: resources.controllerRevisions, namespace }
        const all = await reader.all<Revision>(known)
        const revisions = all.filter((one) => controllerOf(one)?.uid === uid)
        const decided = advanceStatefulSet({ set, pods, revisions }, reader.now)
        return { ...decided, effects: [...effects, ...decided.effects] }
      },
    },
    options,
  )
}
