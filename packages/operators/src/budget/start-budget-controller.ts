import type { KubeObject, Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import {
  controllerOf,
  type Decided,
  type KeeperOptions,
  keysWhere,
  matchSelector,
  type Reader,
  startKeeper,
} from '@argosy/kube/workload'
import { advanceBudget, type Budget } from './advance-budget.ts'

/** Keeps count of how many pods PodDisruptionBudgets let go. */
export function startBudgetController(options: KeeperOptions): AsyncDisposable {
  return startKeeper<Budget>(
    {
      component: 'disruption-controller',
      resource: resources.podDisruptionBudgets,
      with: [
        {
          resource: resources.pods,
          keys: keysWhere<Budget>(({ spec }, pod) =>
            matchSelector(spec.selector, pod.metadata.labels),
          ),
        },
      ],
      decide,
    },
    options,
  )
}

async function decide(budget: Budget, reader: Reader): Promise<Decided> {
  const { namespace = '' } = budget.metadata
  const all = await reader.all<Pod>({ resource: resources.pods, namespace })
  const pods = all.filter(({ metadata }) => matchSelector(budget.spec.selector, metadata.labels))
  const owners = new Map(
    pods.flatMap((pod) => {
      const owner = controllerOf(pod)
      return owner ? [[owner.uid, owner] as const] : []
    }),
  )
  let wanted: number | undefined = 0
  for (const { kind, name } of owners.values()) {
    const resource = scalable[kind]
    const found =
      resource && (await reader.client.get<Scaled>({ resource, namespace, name }, reader.signal))
    wanted = found && wanted !== undefined ? wanted + (found.spec?.replicas ?? 1) : undefined
  }
  const isBare = pods.some((pod) => controllerOf(pod) === undefined)
  return advanceBudget(budget, { pods, wanted: isBare ? undefined : wanted }, reader.now)
}

interface Scaled extends KubeObject {
  readonly spec?: { readonly replicas?: number }
}

const scalable: Readonly<
  Record<string, typeof resources.replicaSets | typeof resources.statefulSets>
> = {
  ReplicaSet: resources.replicaSets,
  StatefulSet: resources.statefulSets,
}
