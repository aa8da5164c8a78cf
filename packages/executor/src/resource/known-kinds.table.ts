import type { Resource } from '@argosy/kube'

/** A kind that every cluster of the platform knows, and the names that kubectl takes for it. */
export interface KnownKind {
  readonly resource: Resource
  readonly shortNames: readonly string[]
}

const row = (
  group: string,
  version: string,
  kind: string,
  plural: string,
  ...shortNames: readonly string[]
): KnownKind => ({ resource: { group, version, kind, plural, namespaced: true }, shortNames })

const wide = ({ resource, shortNames }: KnownKind): KnownKind => ({
  resource: { ...resource, namespaced: false },
  shortNames,
})

const argo = (kind: string, plural: string, ...shortNames: readonly string[]) =>
  row('argoproj.io', 'v1alpha1', kind, plural, ...shortNames)

export const knownKinds: readonly KnownKind[] = [
  argo('Workflow', 'workflows', 'wf'),
  argo('WorkflowTemplate', 'workflowtemplates', 'wftmpl'),
  wide(argo('ClusterWorkflowTemplate', 'clusterworkflowtemplates', 'clusterwftmpl', 'cwft')),
  argo('CronWorkflow', 'cronworkflows', 'cwf', 'cronwf'),
  argo('WorkflowTaskResult', 'workflowtaskresults'),
  argo('WorkflowTaskSet', 'workflowtasksets', 'wfts'),
  argo('WorkflowArtifactGCTask', 'workflowartifactgctasks', 'wfat'),
  argo('WorkflowEventBinding', 'workfloweventbindings', 'wfeb'),
  argo('EventSource', 'eventsources', 'es'),
  argo('EventBus', 'eventbus', 'eb'),
  argo('Sensor', 'sensors', 'sn'),
  row('sparkoperator.k8s.io', 'v1beta2', 'SparkApplication', 'sparkapplications', 'sparkapp'),
  row(
    'sparkoperator.k8s.io',
    'v1beta2',
    'ScheduledSparkApplication',
    'scheduledsparkapplications',
    'scheduledsparkapp',
  ),
  row('', 'v1', 'Pod', 'pods', 'po'),
  row('', 'v1', 'ConfigMap', 'configmaps', 'cm'),
  row('', 'v1', 'Secret', 'secrets'),
  row('', 'v1', 'Service', 'services', 'svc'),
  row('', 'v1', 'ServiceAccount', 'serviceaccounts', 'sa'),
  row('', 'v1', 'Endpoints', 'endpoints', 'ep'),
  row('', 'v1', 'Event', 'events', 'ev'),
  row('', 'v1', 'LimitRange', 'limitranges', 'limits'),
  row('', 'v1', 'ResourceQuota', 'resourcequotas', 'quota'),
  row('', 'v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', 'pvc'),
  row('', 'v1', 'ReplicationController', 'replicationcontrollers', 'rc'),
  wide(row('', 'v1', 'PersistentVolume', 'persistentvolumes', 'pv')),
  wide(row('', 'v1', 'Namespace', 'namespaces', 'ns')),
  wide(row('', 'v1', 'Node', 'nodes', 'no')),
  row('batch', 'v1', 'Job', 'jobs'),
  row('batch', 'v1', 'CronJob', 'cronjobs', 'cj'),
  row('apps', 'v1', 'Deployment', 'deployments', 'deploy'),
  row('apps', 'v1', 'StatefulSet', 'statefulsets', 'sts'),
  row('apps', 'v1', 'DaemonSet', 'daemonsets', 'ds'),
  row('apps', 'v1', 'ReplicaSet', 'replicasets', 'rs'),
  row('policy', 'v1', 'PodDisruptionBudget', 'poddisruptionbudgets', 'pdb'),
  row('coordination.k8s.io', 'v1', 'Lease', 'leases'),
  row('networking.k8s.io', 'v1', 'Ingress', 'ingresses', 'ing'),
  row('networking.k8s.io', 'v1', 'NetworkPolicy', 'networkpolicies', 'netpol'),
  row('autoscaling', 'v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', 'hpa'),
  row('rbac.authorization.k8s.io', 'v1', 'Role', 'roles'),
  row('rbac.authorization.k8s.io', 'v1', 'RoleBinding', 'rolebindings'),
  wide(row('rbac.authorization.k8s.io', 'v1', 'ClusterRole', 'clusterroles')),
  wide(row('rbac.authorization.k8s.io', 'v1', 'ClusterRoleBinding', 'clusterrolebindings')),
  wide(row('storage.k8s.io', 'v1', 'StorageClass', 'storageclasses', 'sc')),
  wide(row('scheduling.k8s.io', 'v1', 'PriorityClass', 'priorityclasses', 'pc')),
  wide(
    row(
      'apiextensions.k8s.io',
      'v1',
      'CustomResourceDefinition',
      'customresourcedefinitions',
      'crd',
      'crds',
    ),
  ),
]
