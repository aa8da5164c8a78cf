import type { KeeperOptions } from '@argosy/kube'
import {
  startCronJobController,
  startDeploymentController,
  startJobController,
  startReplicaSetController,
} from '@argosy/operators'

/** The controllers of Kubernetes' own kinds: a server has them, a single run needs none. */
export function startBuiltInControllers(options: KeeperOptions): AsyncDisposable {
  const open = new AsyncDisposableStack()
  for (const start of controllers) open.use(start(options))
  return open
}

const controllers = [
  startJobController,
  startCronJobController,
  startDeploymentController,
  startReplicaSetController,
]
