import type { MergeRules } from './strategic-merge.ts'
import { metadataMergeRules, podSpecMergeRules } from './strategic-merge-pod.table.ts'

const plain: MergeRules = { metadata: { of: metadataMergeRules } }
const conditions: MergeRules = { conditions: { key: 'type' } }
const reporting: MergeRules = { ...plain, status: { of: conditions } }
const template: MergeRules = {
  template: { of: { ...plain, spec: { of: podSpecMergeRules } } },
}
const templated: MergeRules = { ...reporting, spec: { of: template } }
const jobTemplate: MergeRules = { jobTemplate: { of: { ...plain, spec: { of: template } } } }
const webhooks: MergeRules = {
  webhooks: { key: 'name', of: { matchConditions: { key: 'name' } } },
}

const podStatus: MergeRules = {
  ...conditions,
  hostIPs: { key: 'ip' },
  podIPs: { key: 'ip' },
  resourceClaimStatuses: { key: 'name' },
}

/** The kinds that have more to merge than metadata (`patchMergeKey` and `patchStrategy` of Kubernetes 1.34). */
const kinds: Readonly<Record<string, MergeRules>> = {
  APIService: reporting,
  ComponentStatus: { ...plain, ...conditions },
  CronJob: { ...plain, spec: { of: jobTemplate } },
  CSINode: { ...plain, spec: { of: { drivers: { key: 'name' } } } },
  DaemonSet: templated,
  Deployment: templated,
  HorizontalPodAutoscaler: reporting,
  Job: templated,
  MutatingWebhookConfiguration: { ...plain, ...webhooks },
  Namespace: reporting,
  Node: {
    ...plain,
    spec: { of: { podCIDRs: { values: true } } },
    status: { of: { ...conditions, addresses: { key: 'type' } } },
  },
  PersistentVolumeClaim: reporting,
  Pod: { ...plain, spec: { of: podSpecMergeRules }, status: { of: podStatus } },
  PodDisruptionBudget: { ...reporting, spec: { of: { selector: { whole: true } } } },
  PodTemplate: { ...plain, ...template },
  ReplicaSet: templated,
  ReplicationController: templated,
  Service: { ...reporting, spec: { of: { ports: { key: 'port' } } } },
  ServiceAccount: { ...plain, secrets: { key: 'name' } },
  ServiceCIDR: reporting,
  StatefulSet: templated,
  ValidatingAdmissionPolicy: {
    ...plain,
    spec: { of: { matchConditions: { key: 'name' }, variables: { key: 'name' } } },
  },
  ValidatingWebhookConfiguration: { ...plain, ...webhooks },
}

/** The groups whose kinds take strategic merge patches; every other group holds custom resources. */
const builtInGroups: ReadonlySet<string> = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
])

/** How objects of this kind merge; `undefined` for custom resources, which take no strategic merge patch. */
export function mergeRulesOf(apiVersion: string, kind: string): MergeRules | undefined {
  const slash = apiVersion.indexOf('/')
  if (!builtInGroups.has(slash < 0 ? '' : apiVersion.slice(0, slash))) return undefined
  return (Object.hasOwn(kinds, kind) && kinds[kind]) || plain
}
