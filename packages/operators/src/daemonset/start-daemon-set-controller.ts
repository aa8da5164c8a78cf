import type { KubeObject } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { type KeeperOptions, revisionsOf, startPodKeeper } from '@argosy/kube/workload'
import { advanceDaemonSet, type DaemonSet } from './advance-daemon-set.ts'

/** Keeps one pod of each DaemonSet on this machine. */
export function startDaemonSetController(options: KeeperOptions): AsyncDisposable {
  return startPodKeeper<DaemonSet>(
    {
      component: 'daemonset-controller',
      resource: resources.daemonSets,
      decide: async (set, pods, reader) => {
        const revisions = await revisionsOf(set, reader)
        const found = await reader.all<KubeObject>({ resource: resources.nodes })
        const nodes = found.map(({ metadata }) => metadata.labels ?? {})
        return advanceDaemonSet({ set, pods, revisions, nodes }, reader.now)
      },
    },
    options,
  )
}
