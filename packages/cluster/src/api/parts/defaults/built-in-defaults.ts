import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { all, type Edit, each, fill, has, is, when, within } from './edit.ts'
import { podDefaults } from './pod-defaults.ts'
import { workloadDefaults } from './workload-defaults.ts'

const servicePort: Edit = all(fill({ protocol: 'TCP' }), (port) =>
  fill({ targetPort: port['port'] ?? 0 })(port),
)

const service: Edit = all(
  fill({ sessionAffinity: 'None', type: 'ClusterIP' }),
  when(
    is('sessionAffinity', 'ClientIP'),
    fill({ sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } } }),
  ),
  each('ports', servicePort),
  when((spec) => spec['type'] !== 'ExternalName', fill({ internalTrafficPolicy: 'Cluster' })),
  when(is('sessionAffinity', 'None'), ({ sessionAffinityConfig: _, ...spec }) => spec),
  when(isReachedFromOutside, fill({ externalTrafficPolicy: 'Cluster' })),
  when(is('type', 'LoadBalancer'), fill({ allocateLoadBalancerNodePorts: true })),
)

function isReachedFromOutside({ type, externalIPs }: JsonObject): boolean {
  return type === 'NodePort' || type === 'LoadBalancer' || isListOfSome(externalIPs)
}

const rbac = 'rbac.authorization.k8s.io'

const binding: Edit = all(
  within('roleRef', (role) => (role['apiGroup'] ? role : { ...role, apiGroup: rbac })),
  each(
    'subjects',
    when(
      (subject) => subject['kind'] === 'User' || subject['kind'] === 'Group',
      fill({ apiGroup: rbac }),
    ),
  ),
)

/** Texts become bytes, and are never shown again. */
function withStringData(secret: JsonObject): JsonObject {
  const { stringData, ...rest } = secret
  if (!isObject(stringData)) return secret
  const bytes = Object.entries(stringData).map(([name, text]) => {
    return [name, Buffer.from(String(text ?? ''), 'utf8').toString('base64')] as const
  })
  return {
    ...rest,
    data: { ...(isObject(rest['data']) && rest['data']), ...Object.fromEntries(bytes) },
  }
}

/** Of a container, what is at most is what is given, and what is given is what is asked for. */
const limit: Edit = when(
  is('type', 'Container'),
  fill({ default: {}, defaultRequest: {} }),
  (item) => merged(item, 'default', 'max'),
  (item) => merged(item, 'defaultRequest', 'default'),
  (item) => merged(item, 'defaultRequest', 'min'),
)

function merged(item: JsonObject, name: string, from: string): JsonObject {
  const [own, other] = [item[name], item[from]]
  if (!isObject(other)) return item
  return { ...item, [name]: { ...other, ...(isObject(own) && own) } }
}

const networkPolicy: Edit = (spec) => {
  const types = has('egress')(spec) ? ['Ingress', 'Egress'] : ['Ingress']
  const ports = each('ports', fill({ protocol: 'TCP' }))
  return all(fill({ policyTypes: types }), each('ingress', ports), each('egress', ports))(spec)
}

const cpu = { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } }

const autoscaler: Edit = all(
  fill({ minReplicas: 1 }),
  when(
    (spec) => !has('targetCPUUtilizationPercentage')(spec),
    (spec) =>
      isListOfSome(spec['metrics'])
        ? spec
        : { ...spec, metrics: [{ type: 'Resource', resource: cpu }] },
  ),
)

function isListOfSome(value: Json | undefined): boolean {
  return Array.isArray(value) && value.length > 0
}

const claim: Edit = all(
  within('spec', fill({ volumeMode: 'Filesystem' })),
  fill({ status: {} }),
  within('status', fill({ phase: 'Pending' })),
)

const volume: Edit = all(
  within(
    'spec',
    fill({ persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' }),
    within('hostPath', fill({ type: '' })),
  ),
  fill({ status: {} }),
  within('status', fill({ phase: 'Pending' })),
)

/** The secrets of an account are in its own namespace. */
function onlyName(reference: JsonObject): JsonObject {
  const { name, ...rest } = reference
  return Object.keys(rest).length === 0 || name === undefined ? reference : { name }
}

/** A namespace can be selected by its name. */
const namespace: Edit = all(
  (object) => {
    const metadata = isObject(object['metadata']) ? object['metadata'] : {}
    const label = { 'kubernetes.io/metadata.name': metadata['name'] ?? '' }
    const labels = isObject(metadata['labels']) ? metadata['labels'] : {}
    return { ...object, metadata: { ...metadata, labels: { ...labels, ...label } } }
  },
  fill({ status: {} }),
  within('status', fill({ phase: 'Active' })),
)

const webhook: Edit = all(
  fill({
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
    timeoutSeconds: 10,
  }),
  within('clientConfig', within('service', fill({ port: 443 }))),
  each('rules', fill({ scope: '*' })),
)

const kinds: Readonly<Record<string, Edit>> = {
  ...workloadDefaults,
  ClusterRoleBinding: binding,
  Endpoints: each('subsets', each('ports', fill({ protocol: 'TCP' }))),
  EndpointSlice: each('ports', fill({ name: '', protocol: 'TCP' })),
  LimitRange: within('spec', each('limits', limit)),
  MutatingWebhookConfiguration: each('webhooks', webhook, fill({ reinvocationPolicy: 'Never' })),
  Namespace: namespace,
  NetworkPolicy: within('spec', networkPolicy),
  PersistentVolume: volume,
  PersistentVolumeClaim: claim,
  Pod: podDefaults,
  PriorityClass: fill({ preemptionPolicy: 'PreemptLowerPriority' }),
  RoleBinding: binding,
  Secret: all(withStringData, fill({ type: 'Opaque' })),
  Service: within('spec', service),
  ServiceAccount: each('secrets', onlyName),
  StorageClass: fill({ reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  ValidatingWebhookConfiguration: each('webhooks', webhook),
}

const autoscalers: Readonly<Record<string, Edit>> = {
  'autoscaling/v1': within('spec', fill({ minReplicas: 1 })),
  'autoscaling/v2': within('spec', autoscaler),
}

/** A built-in object with Kubernetes' defaults; other objects as they are. Completing twice changes nothing. */
export function withBuiltInDefaults(object: JsonObject): JsonObject {
  const { apiVersion, kind } = object
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return object
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  if (group.includes('.') && !group.endsWith('.k8s.io')) return object
  if (kind === 'HorizontalPodAutoscaler') return autoscalers[apiVersion]?.(object) ?? object
  return (Object.hasOwn(kinds, kind) && kinds[kind]?.(object)) || object
}
