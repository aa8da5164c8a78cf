import type { Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import {
  claim,
  controllerOf,
  inNamespaceOf,
  type KeeperOptions,
  ofNobody,
  plainPods,
  startKeeper,
} from '@argosy/kube/workload'
import { advanceDeployment } from './advance-deployment.ts'
import type { Deployment, OwnSet } from './deployment.ts'

/** Leads Deployments from one template to the next. */
export function startDeploymentController(options: KeeperOptions): AsyncDisposable {
  return startKeeper<Deployment>(
    {
      component: 'deployment-controller',
      resource: resources.deployments,
      with: [
        { resource: resources.replicaSets, keys: ofNobody },
        // A replacement waits for the last old pod: its end changes no set.
        {
          resource: resources.pods,
          labelSelector: `${plainPods},pod-template-hash`,
          keys: inNamespaceOf,
        },
      ],
      decide: async (deployment, reader) => {
        const { namespace = '' } = deployment.metadata
        const all = await reader.all<OwnSet>({ resource: resources.replicaSets, namespace })
        const { mine: sets, effects } = claim(deployment, resources.replicaSets, all)
        const pods = await podsOf(deployment, sets)
        const decided = advanceDeployment({ deployment, sets, pods }, reader.now)
        return { ...decided, effects: [...effects, ...decided.effects] }

        async function podsOf({ spec }: Deployment, owners: readonly OwnSet[]) {
          if (spec.strategy?.type !== 'Recreate') return []
          const query = { resource: resources.pods, namespace, labelSelector: plainPods }
          const uids = new Set(owners.map(({ metadata }) => metadata.uid))
          const found = await reader.all<Pod>(query)
          return found.filter((pod) => uids.has(controllerOf(pod)?.uid ?? ''))
        }
      },
    },
    options,
  )
}
