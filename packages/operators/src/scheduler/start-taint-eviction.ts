import type { KubeObject, Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { standingOf } from '@argosy/kube/placement'
import { type KeeperOptions, startKeeper } from '@argosy/kube/workload'
import { evictions } from './taint-eviction.ts'

/** Pods that come later have their time counted from when they were seen. */
const lookMs = 5_000

/** Deletes the pods that a node's NoExecute taints drive out. Dispose to stop. */
export function startTaintEviction(options: KeeperOptions): AsyncDisposable {
  const seen = new Map<string, ReadonlyMap<string, number>>()
  return startKeeper<KubeObject>(
    {
      component: 'taint-eviction-controller',
      resource: resources.nodes,
      async decide(node, reader) {
        const { name = '' } = node.metadata
        const { taints } = standingOf(node)
        if (!taints.some(({ effect }) => effect === 'NoExecute')) {
          seen.delete(name)
          return undefined
        }
        const fieldSelector = `spec.nodeName=${name}`
        const pods = await reader.all<Pod>({ resource: resources.pods, fieldSelector })
        const before = seen.get(name)
        const since = new Map(
          pods.map(({ metadata: { uid = '' } }) => [uid, before?.get(uid) ?? reader.now]),
        )
        seen.set(name, since)
        const { effects, wakeAt } = evictions(taints, pods, since, reader.now)
        const look = reader.now + lookMs
        return { effects, wakeAt: Math.min(look, wakeAt ?? look) }
      },
      gone: async ({ name }) => {
        seen.delete(name)
        return undefined
      },
    },
    options,
  )
}
