import type { KubeObject, Pod } from '@argosy/engine'
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
import { advanceDaemonSet, type DaemonSet } from './advance-daemon-set.ts'

/** Keeps one pod of each DaemonSet on this machine. */
export function startDaemonSetController(options: KeeperOptions): AsyncDisposable {
  return startKeeper<DaemonSet>(
    {
      component: 'daemonset-controller',
      resource: resources.daemonSets,
      with: [{ resource: resources.pods, labelSelector: plainPods, keys: ofNobody }],
      decide: async (set, reader) => {
        const { namespace = '', uid } = set.metadata
        const query = { resource: resources.pods, namespace, labelSelector: plainPods }
        const { mine: pods, effects } = claim(set, resources.pods, await reader.all<Pod>(query))
        const known = { resource: resources.controllerRevisions, namespace }
        const all = await reader.all<Revision>(known)
        const revisions = all.filter((one) => controllerOf(one)?.uid === uid)
        const found = await reader.all<KubeObject>({ resource: resources.nodes })
        const nodes = found.map(({ metadata }) => metadata.labels ?? {})
        const decided = advanceDaemonSet({ set, pods, revisions, nodes }, reader.now)
        return { ...decided, effects: [...effects, ...decided.effects] }
      },
    },
    options,
  )
}
