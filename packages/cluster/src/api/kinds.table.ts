import type { Field, Kind } from './kinds.ts'
import { coreEvent, coreEventPatch, newerEvent } from './newer-event.ts'

/** What Kubernetes has built in, in the order of its discovery. The kinds of Argo are CustomResourceDefinitions (argo-crds.table.ts). */

const field = (name: string, absent?: string): Record<string, Field> => {
  const pointer = `/${name.replaceAll('.', '/')}`
  return { [name]: absent === undefined ? { pointer } : { pointer, absent } }
}

type More = Partial<Omit<Kind, 'resource'>> & {
  readonly isGlobal?: boolean
  readonly version?: string
}

function of(group: string, kind: string, plural: string, more: More = {}): Kind {
  const { isGlobal = false, version = 'v1', ...rest } = more
  const resource = { group, version, kind, plural, namespaced: !isGlobal }
  return {
    resource,
    hasStatus: false,
    generation: 'none',
    names: 'subdomain',
    fields: {},
    ...rest,
  }
}

const all = ['all']
const status = { hasStatus: true } as const
const spec = { hasStatus: true, generation: 'spec' } as const
const global = { isGlobal: true } as const
const needsVersion = { needsVersion: true } as const
const madeByUpdate = { isMadeByUpdate: true } as const
const involved = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath']
const scale = {
  replicas: '/spec/replicas',
  status: '/status/replicas',
  selector: '/spec/selector',
} as const

const core: readonly Kind[] = [
  of('', 'ConfigMap', 'configmaps', { shortNames: ['cm'] }),
  of('', 'Endpoints', 'endpoints', { shortNames: ['ep'], ...madeByUpdate }),
  of('', 'Event', 'events', {
    ...madeByUpdate,
    shortNames: ['ev'],
    fields: {
      ...Object.assign({}, ...involved.map((name) => field(`involvedObject.${name}`))),
      ...field('reason'),
      ...field('reportingComponent'),
      ...field('type'),
      source: { pointer: '/source/component' },
    },
  }),
  of('', 'LimitRange', 'limitranges', { shortNames: ['limits'], ...madeByUpdate }),
  of('', 'Namespace', 'namespaces', {
    ...global,
    ...status,
    names: 'label',
    shortNames: ['ns'],
    fields: field('status.phase'),
  }),
  of('', 'Node', 'nodes', {
    ...global,
    ...status,
    shortNames: ['no'],
    fields: field('spec.unschedulable', 'false'),
  }),
  of('', 'PersistentVolume', 'persistentvolumes', { ...global, ...status, shortNames: ['pv'] }),
  of('', 'PersistentVolumeClaim', 'persistentvolumeclaims', { ...status, shortNames: ['pvc'] }),
  of('', 'Pod', 'pods', {
    bindsByStatus: true,
    ...spec,
    shortNames: ['po'],
    categories: all,
    fields: {
      ...field('spec.nodeName'),
      ...field('spec.restartPolicy', 'Always'),
      ...field('spec.schedulerName', 'default-scheduler'),
      ...field('spec.serviceAccountName'),
      ...field('spec.hostNetwork', 'false'),
      ...field('status.phase'),
      ...field('status.podIP'),
      ...field('status.nominatedNodeName'),
    },
  }),
  of('', 'PodTemplate', 'podtemplates'),
  of('', 'ReplicationController', 'replicationcontrollers', {
    ...spec,
    shortNames: ['rc'],
    categories: all,
    scale,
  }),
  of('', 'ResourceQuota', 'resourcequotas', { ...status, shortNames: ['quota'] }),
  of('', 'Secret', 'secrets', { fields: field('type') }),
  of('', 'Service', 'services', {
    ...status,
    ...madeByUpdate,
    shortNames: ['svc'],
    categories: all,
    names: 'label',
    fields: { ...field('spec.clusterIP'), ...field('spec.type') },
  }),
  of('', 'ServiceAccount', 'serviceaccounts', { shortNames: ['sa'] }),
]

const groups: readonly Kind[] = [
  of('apps', 'ControllerRevision', 'controllerrevisions'),
  of('apps', 'DaemonSet', 'daemonsets', { ...spec, shortNames: ['ds'], categories: all }),
  of('apps', 'Deployment', 'deployments', {
    hasStatus: true,
    generation: 'spec and annotations',
    shortNames: ['deploy'],
    categories: all,
    scale,
  }),
  of('apps', 'ReplicaSet', 'replicasets', { ...spec, shortNames: ['rs'], categories: all, scale }),
  of('apps', 'StatefulSet', 'statefulsets', {
    ...spec,
    shortNames: ['sts'],
    categories: all,
    scale,
  }),
  of('autoscaling', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', {
    version: 'v2',
    ...status,
    shortNames: ['hpa'],
    categories: all,
  }),
  of('batch', 'CronJob', 'cronjobs', { ...spec, shortNames: ['cj'], categories: all }),
  of('batch', 'Job', 'jobs', {
    ...spec,
    categories: all,
    fields: field('status.successful', '0'),
  }),
  of('certificates.k8s.io', 'CertificateSigningRequest', 'certificatesigningrequests', {
    ...global,
    ...status,
    shortNames: ['csr'],
    fields: field('spec.signerName'),
  }),
  of('networking.k8s.io', 'Ingress', 'ingresses', { ...spec, shortNames: ['ing'] }),
  of('networking.k8s.io', 'IngressClass', 'ingressclasses', global),
  of('networking.k8s.io', 'NetworkPolicy', 'networkpolicies', {
    generation: 'spec',
    shortNames: ['netpol'],
  }),
  of('policy', 'PodDisruptionBudget', 'poddisruptionbudgets', {
    ...needsVersion,
    ...spec,
    shortNames: ['pdb'],
  }),
  of('rbac.authorization.k8s.io', 'ClusterRoleBinding', 'clusterrolebindings', {
    ...global,
    names: 'path',
    ...madeByUpdate,
  }),
  of('rbac.authorization.k8s.io', 'ClusterRole', 'clusterroles', {
    ...global,
    names: 'path',
    ...madeByUpdate,
  }),
  of('rbac.authorization.k8s.io', 'RoleBinding', 'rolebindings', {
    names: 'path',
    ...madeByUpdate,
  }),
  of('rbac.authorization.k8s.io', 'Role', 'roles', { names: 'path', ...madeByUpdate }),
  of('storage.k8s.io', 'StorageClass', 'storageclasses', { ...global, shortNames: ['sc'] }),
  of('apiextensions.k8s.io', 'CustomResourceDefinition', 'customresourcedefinitions', {
    ...global,
    ...spec,
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
  }),
  of('apiregistration.k8s.io', 'APIService', 'apiservices', {
    ...global,
    ...status,
    categories: ['api-extensions'],
  }),
  of(
    'admissionregistration.k8s.io',
    'MutatingWebhookConfiguration',
    'mutatingwebhookconfigurations',
    {
      ...global,
      generation: 'content',
      ...needsVersion,
      categories: ['api-extensions'],
    },
  ),
  of(
    'admissionregistration.k8s.io',
    'ValidatingWebhookConfiguration',
    'validatingwebhookconfigurations',
    { ...global, generation: 'content', ...needsVersion, categories: ['api-extensions'] },
  ),
  of('scheduling.k8s.io', 'PriorityClass', 'priorityclasses', {
    ...global,
    shortNames: ['pc'],
  }),
  of('coordination.k8s.io', 'Lease', 'leases', { ...madeByUpdate, ...needsVersion }),
  of('discovery.k8s.io', 'EndpointSlice', 'endpointslices'),
]

/** The events of the core group under their newer names. */
const newerEvents = of('', 'Event', 'events', {
  shortNames: ['ev'],
  fields: {
    ...Object.assign(
      {},
      ...involved.map((name) => ({
        [`regarding.${name}`]: { pointer: `/involvedObject/${name}` },
      })),
      ...involved.map((name) => field(`involvedObject.${name}`)),
    ),
    ...field('reason'),
    reportingController: { pointer: '/reportingComponent' },
    ...field('type'),
  },
  view: {
    group: 'events.k8s.io',
    version: 'v1',
    shown: newerEvent,
    stored: coreEvent,
    storedPatch: coreEventPatch,
  },
})

export const builtInKinds: readonly Kind[] = [...core, ...groups, newerEvents]
