import { resources } from '@argosy/kube'
import {
  claim,
  controllerOf,
  inNamespaceOf,
  type KeeperOptions,
  ofNobody,
  plainPods,
  plainPodsOf,
  type Reader,
  startKeeper,
  withClaims,
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
        const claimed = claim(deployment, resources.replicaSets, all)
        const { mine: sets } = claimed
        const pods = await podsOf(deployment, sets, reader)
        const decided = advanceDeployment({ deployment, sets, pods }, reader.now)
        return withClaims(claimed, decided)
      },
    },
    options,
  )
}

/** Only a replacement asks after them. */
async function podsOf(deployment: Deployment, sets: readonly OwnSet[], reader: Reader) {
  if (deployment.spec.strategy?.type !== 'Recreate') return []
  const uids = new Set(sets.map(({ metadata }) => metadata.uid))
  const pods = await plainPodsOf(deployment, reader)
  return pods.filter((pod) => uids.has(controllerOf(pod)?.uid ?? ''))
}
