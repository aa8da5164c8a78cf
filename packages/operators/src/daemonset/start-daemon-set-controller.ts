import type { KubeObject } from '@argosy/engine'
import { objectKey, resources } from '@argosy/kube'
import { standingOf } from '@argosy/kube/placement'
import { type KeeperOptions, type Kept, revisionsOf, startPodKeeper } from '@argosy/kube/workload'
import { advanceDaemonSet, type DaemonSet } from './advance-daemon-set.ts'

/** Keeps one pod of each DaemonSet on each node that is to have one. */
export function startDaemonSetController(options: KeeperOptions): AsyncDisposable {
  return startPodKeeper<DaemonSet>(
    {
      component: 'daemonset-controller',
      resource: resources.daemonSets,
      beside: [{ resource: resources.nodes, keys: everyOne }],
      decide: async (set, pods, reader) => {
        const revisions = await revisionsOf(set, reader)
        const found = await reader.all<KubeObject>({ resource: resources.nodes })
        const nodes = found.map((node) => ({
          name: node.metadata.name ?? '',
          labels: node.metadata.labels ?? {},
          standing: standingOf(node),
        }))
        return advanceDaemonSet({ set, pods, revisions, nodes }, reader.now)
      },
    },
    options,
  )
}

/** A node that comes, goes, or is labelled otherwise concerns them all. */
function* everyOne(_: KubeObject, kept: Kept): Iterable<string> {
  for (const { namespace, name } of kept()) yield objectKey(namespace, name)
}
