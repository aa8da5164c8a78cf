/** A kind of object and where it is served. */
export interface Resource {
  /** '' for the core group. */
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
}

const argo = (kind: string, plural: string, namespaced = true): Resource => ({
  group: 'argoproj.io',
  version: 'v1alpha1',
  kind,
  plural,
  namespaced,
})
const core = (kind: string, plural: string, namespaced = true): Resource => ({
  group: '',
  version: 'v1',
  kind,
  plural,
  namespaced,
})

const of = (group: string, kind: string, plural: string): Resource => ({
  group,
  version: 'v1',
  kind,
  plural,
  namespaced: true,
})

/** The kinds that controllers name; a server may know more. */
export const resources = {
  workflows: argo('Workflow', 'workflows'),
  workflowTemplates: argo('WorkflowTemplate', 'workflowtemplates'),
  clusterWorkflowTemplates: argo('ClusterWorkflowTemplate', 'clusterworkflowtemplates', false),
  cronWorkflows: argo('CronWorkflow', 'cronworkflows'),
  workflowEventBindings: argo('WorkflowEventBinding', 'workfloweventbindings'),
  eventSources: argo('EventSource', 'eventsources'),
  sensors: argo('Sensor', 'sensors'),
  eventBuses: argo('EventBus', 'eventbus'),
  workflowTaskResults: argo('WorkflowTaskResult', 'workflowtaskresults'),
  pods: core('Pod', 'pods'),
  configMaps: core('ConfigMap', 'configmaps'),
  secrets: core('Secret', 'secrets'),
  serviceAccounts: core('ServiceAccount', 'serviceaccounts'),
  namespaces: core('Namespace', 'namespaces', false),
  nodes: core('Node', 'nodes', false),
  events: core('Event', 'events'),
  customResourceDefinitions: {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    kind: 'CustomResourceDefinition',
    plural: 'customresourcedefinitions',
    namespaced: false,
  },
  leases: {
    group: 'coordination.k8s.io',
    ...{ version: 'v1', kind: 'Lease', plural: 'leases', namespaced: true },
  },
  priorityClasses: {
    group: 'scheduling.k8s.io',
    ...{ version: 'v1', kind: 'PriorityClass', plural: 'priorityclasses', namespaced: false },
  },
  persistentVolumes: core('PersistentVolume', 'persistentvolumes', false),
  persistentVolumeClaims: core('PersistentVolumeClaim', 'persistentvolumeclaims'),
  services: core('Service', 'services'),
  endpoints: core('Endpoints', 'endpoints'),
  resourceQuotas: core('ResourceQuota', 'resourcequotas'),
  jobs: of('batch', 'Job', 'jobs'),
  cronJobs: of('batch', 'CronJob', 'cronjobs'),
  deployments: of('apps', 'Deployment', 'deployments'),
  replicaSets: of('apps', 'ReplicaSet', 'replicasets'),
  statefulSets: of('apps', 'StatefulSet', 'statefulsets'),
  daemonSets: of('apps', 'DaemonSet', 'daemonsets'),
  controllerRevisions: of('apps', 'ControllerRevision', 'controllerrevisions'),
  certificateSigningRequests: {
    ...of('certificates.k8s.io', 'CertificateSigningRequest', 'certificatesigningrequests'),
    namespaced: false,
  },
  endpointSlices: of('discovery.k8s.io', 'EndpointSlice', 'endpointslices'),
  podDisruptionBudgets: of('policy', 'PodDisruptionBudget', 'poddisruptionbudgets'),
} as const satisfies Record<string, Resource>

export function apiVersionOf(resource: Resource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`
}

/** Who signs requests of clients of an API. Other signers are programs of their own. */
export const clientSigner = 'kubernetes.io/kube-apiserver-client'
