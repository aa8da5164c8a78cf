import type { JsonObject } from '@argosy/engine'
import type { Resource } from '@argosy/kube'
import { collectionOf } from './kinds.ts'

/** The status that an object of a built-in kind has from its first moment; undefined for other kinds. */
export function firstStatus(resource: Resource): JsonObject | undefined {
  const collection = collectionOf(resource)
  return Object.hasOwn(statuses, collection) ? statuses[collection] : undefined
}

/** Kubernetes' own types always have a status, and in it the numbers that are never left out: typed clients rely on both. */
const statuses: Readonly<Record<string, JsonObject>> = {
  namespaces: { phase: 'Active' },
  nodes: {},
  persistentvolumeclaims: { phase: 'Pending' },
  persistentvolumes: { phase: 'Pending' },
  pods: { phase: 'Pending' },
  replicationcontrollers: { replicas: 0 },
  resourcequotas: {},
  services: { loadBalancer: {} },
  'apiservices.apiregistration.k8s.io': {},
  'certificatesigningrequests.certificates.k8s.io': {},
  'cronjobs.batch': {},
  'daemonsets.apps': {
    currentNumberScheduled: 0,
    desiredNumberScheduled: 0,
    numberMisscheduled: 0,
    numberReady: 0,
  },
  'deployments.apps': {},
  'horizontalpodautoscalers.autoscaling': { desiredReplicas: 0 },
  'ingresses.networking.k8s.io': { loadBalancer: {} },
  'jobs.batch': {},
  'poddisruptionbudgets.policy': {
    currentHealthy: 0,
    desiredHealthy: 0,
    disruptionsAllowed: 0,
    expectedPods: 0,
  },
  'replicasets.apps': { replicas: 0 },
  'statefulsets.apps': { availableReplicas: 0, replicas: 0 },
}
