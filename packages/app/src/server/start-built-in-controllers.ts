import {
  type CertificateOptions,
  startBudgetController,
  startCertificateController,
  startCronJobController,
  startDaemonSetController,
  startDeploymentController,
  startEventExpiry,
  startJobController,
  startQuotaController,
  startReplicaSetController,
  startServiceController,
  startStatefulSetController,
} from '@argosy/operators/built-in'

/** The controllers of Kubernetes' own kinds: a server has them, a single run needs none. */
export function startBuiltInControllers(options: CertificateOptions): AsyncDisposable {
  const open = new AsyncDisposableStack()
  for (const start of controllers) open.use(start(options))
  return open
}

const controllers = [
  startServiceController,
  startCertificateController,
  startBudgetController,
  startQuotaController,
  startEventExpiry,
  startDaemonSetController,
  startStatefulSetController,
  startJobController,
  startCronJobController,
  startDeploymentController,
  startReplicaSetController,
]
