import type { JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { objectAt, textAt } from '../table/at.ts'
import { autoscalerFlaws } from './autoscaler-flaws.ts'
import { budgetFlaws } from './budget-flaws.ts'
import { claimFlaws } from './claim-flaws.ts'
import { leaseFlaws, namespaceFlaws, nodeFlaws, priorityClassFlaws } from './cluster-flaws.ts'
import { configMapFlaws, secretFlaws } from './data-flaws.ts'
import { endpointSliceFlaws, endpointsFlaws } from './endpoints-flaws.ts'
import { ephemeralChangeFlaws, noEphemeral } from './ephemeral-flaws.ts'
import { ingressClassFlaws, ingressFlaws } from './ingress-flaws.ts'
import { limitRangeFlaws } from './limit-range-flaws.ts'
import { serviceName } from './name-rules.ts'
import { networkPolicyFlaws } from './network-policy-flaws.ts'
import { podChangeFlaws } from './pod-change-flaws.ts'
import { podSpecFlaws } from './pod-spec-flaws.ts'
import { quotaFlaws } from './quota-flaws.ts'
import {
  clusterRoleBindingFlaws,
  clusterRoleFlaws,
  roleBindingFlaws,
  roleFlaws,
} from './role-flaws.ts'
import { serviceFlaws } from './service-flaws.ts'
import { storageClassFlaws, volumeObjectFlaws } from './volume-object-flaws.ts'
import { webhookFlaws } from './webhook-flaws.ts'
import { workloadChecks } from './workload-flaws.ts'

type Check = (object: JsonObject, old: JsonObject | undefined, part?: string) => readonly Flaw[]

const specOf = (object: JsonObject | undefined) => objectAt(object, 'spec')

const pod: Check = (object, old, part) => {
  const spec = specOf(object)
  return [...podSpecFlaws(spec, 'spec'), ...changeFlaws(spec, old && specOf(old), part)]
}

function changeFlaws(spec: JsonObject, old: JsonObject | undefined, part: string | undefined) {
  if (old === undefined) return noEphemeral(spec, 'spec', 'cannot be set on create')
  // Of this part nothing else is written.
  if (part === 'ephemeralcontainers') return ephemeralChangeFlaws(spec, old)
  return podChangeFlaws(spec, old)
}

const service: Check = (object, old) => [
  ...serviceName('metadata.name', textAt(object, 'metadata', 'name')),
  ...serviceFlaws(specOf(object), old && specOf(old)),
]

const cronJobName: Check = (object) => {
  const name = textAt(object, 'metadata', 'name')
  if (name.length <= 52) return []
  return [flawOf.invalid('metadata.name', name, 'must be no more than 52 characters')]
}

const ofSpec =
  (check: (spec: JsonObject, old: JsonObject | undefined) => readonly Flaw[]): Check =>
  (object, old) =>
    check(specOf(object), old && specOf(old))

const checks: Readonly<Record<string, Check>> = {
  ClusterRole: clusterRoleFlaws,
  ClusterRoleBinding: clusterRoleBindingFlaws,
  ConfigMap: configMapFlaws,
  CronJob: cronJobName,
  Endpoints: endpointsFlaws,
  EndpointSlice: endpointSliceFlaws,
  HorizontalPodAutoscaler: ofSpec(autoscalerFlaws),
  Ingress: ofSpec(ingressFlaws),
  IngressClass: ofSpec(ingressClassFlaws),
  Lease: leaseFlaws,
  LimitRange: ofSpec(limitRangeFlaws),
  MutatingWebhookConfiguration: webhookFlaws,
  Namespace: namespaceFlaws,
  NetworkPolicy: ofSpec(networkPolicyFlaws),
  Node: nodeFlaws,
  PersistentVolume: ofSpec(volumeObjectFlaws),
  PersistentVolumeClaim: claimFlaws,
  Pod: pod,
  PodDisruptionBudget: ofSpec(budgetFlaws),
  PriorityClass: priorityClassFlaws,
  ResourceQuota: ofSpec(quotaFlaws),
  Role: roleFlaws,
  RoleBinding: roleBindingFlaws,
  Secret: secretFlaws,
  Service: service,
  StorageClass: storageClassFlaws,
  ValidatingWebhookConfiguration: webhookFlaws,
}

/**
 * What is wrong with a built-in object, in Kubernetes' words; `old` is there when it is an update. It has its defaults
 * already, and `part` is what of it is written, if not all of it. Names and labels are checked for all kinds elsewhere; kinds that are not known here have no flaws.
 */
export function builtInFlaws(object: JsonObject, old?: JsonObject, part?: string): readonly Flaw[] {
  const { apiVersion, kind } = object
  const group = String(apiVersion).includes('/') ? String(apiVersion).split('/', 1)[0] : ''
  if (group?.includes('.') && !group.endsWith('.k8s.io')) return []
  const name = String(kind)
  const own = Object.hasOwn(checks, name) ? checks[name] : undefined
  const spec = Object.hasOwn(workloadChecks, name) ? workloadChecks[name] : undefined
  return [
    ...(own?.(object, old, part) ?? []),
    ...(spec?.(specOf(object), old && specOf(old)) ?? []),
  ]
}
