import type { Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { staySeconds, type Taint } from '@argosy/kube/placement'
import { type Decided, type Effect, isPodEnded, isPodLeaving, removal } from '@argosy/kube/workload'

/** Who has to go from a node now, and when to look again. `since`: when each pod, by its uid, was first seen there. */
export function evictions(
  taints: readonly Taint[],
  pods: readonly Pod[],
  since: ReadonlyMap<string, number>,
  now: number,
): Decided {
  const effects: Effect[] = []
  let wakeAt: number | undefined
  for (const pod of pods) {
    if (isPodEnded(pod) || isPodLeaving(pod)) continue
    const { uid = '', namespace, name } = pod.metadata
    const due = (since.get(uid) ?? now) + staySeconds(taints, pod.spec.tolerations) * 1000
    if (due <= now) {
      const message = `Marking for deletion Pod ${namespace}/${name}`
      effects.push({ do: 'event', type: 'Normal', reason: 'TaintManagerEviction', message })
      effects.push(removal(resources.pods, pod))
    } else if (due < (wakeAt ?? Number.POSITIVE_INFINITY)) wakeAt = due
  }
  return { effects, wakeAt }
}
