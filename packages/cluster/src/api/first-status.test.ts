import type { JsonObject, KubeObject } from '@argosy/engine'
import { apiVersionOf, handClock } from '@argosy/kube'
import { describe, expect, test } from 'vitest'
import { Store } from '../store/store.ts'
import { builtInKinds } from './kinds.table.ts'
import { localClient } from './local-client.ts'

const fatal = (error: Error): never => {
  throw error
}

/** Its status is the definitions' own business. */
const kinds = builtInKinds.filter(
  ({ hasStatus, resource }) => hasStatus && resource.kind !== 'CustomResourceDefinition',
)

describe('an object of a built-in kind has a status from its first moment, whatever it came with', () => {
  test.each(kinds.map(({ resource }) => resource))('$kind', async (resource) => {
    await using store = new Store({ fatal })
    const client = localClient({ store, clock: handClock() })
    const place = { name: 'x', ...(resource.namespaced && { namespace: 'default' }) }
    const object = { apiVersion: apiVersionOf(resource), kind: resource.kind, metadata: place }
    const ref = { resource, ...place }
    await client.create(resource, { ...object, status: { replicas: 7 } } as KubeObject)
    const created = await client.get<KubeObject & { status: JsonObject }>(ref)
    expect(created?.status).toEqual(expected[resource.kind] ?? {})
  })
})

const expected: Readonly<Record<string, JsonObject>> = {
  DaemonSet: {
    ...{ currentNumberScheduled: 0, desiredNumberScheduled: 0 },
    ...{ numberMisscheduled: 0, numberReady: 0 },
  },
  HorizontalPodAutoscaler: { desiredReplicas: 0 },
  Ingress: { loadBalancer: {} },
  Namespace: { phase: 'Active' },
  PersistentVolume: { phase: 'Pending' },
  PersistentVolumeClaim: { phase: 'Pending' },
  Pod: { phase: 'Pending' },
  PodDisruptionBudget: {
    ...{ currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 },
  },
  ReplicaSet: { replicas: 0 },
  ReplicationController: { replicas: 0 },
  Service: { loadBalancer: {} },
  StatefulSet: { availableReplicas: 0, replicas: 0 },
}
