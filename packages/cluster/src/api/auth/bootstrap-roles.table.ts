import type { PolicyRule } from './rules.ts'

/** The roles and bindings that every cluster has from its first moment, as Kubernetes' own bootstrap policy. */

export interface BootRole {
  readonly name: string
  readonly labels?: Readonly<Record<string, string>>
  readonly rules: readonly PolicyRule[]
  /** Takes the rules of all roles that are labelled so. */
  readonly aggregates?: string
}

export interface BootBinding {
  readonly name: string
  readonly role: string
  readonly groups: readonly string[]
}

const read = ['get', 'list', 'watch']
const change = ['create', 'delete', 'deletecollection', 'patch', 'update']
const all = [...change, ...read]

function on(group: string, resources: string, verbs: readonly string[]): PolicyRule {
  return { apiGroups: [group], resources: resources.split(' '), verbs }
}

function paths(urls: string): PolicyRule {
  return { nonResourceURLs: urls.split(' '), verbs: ['get'] }
}

const aggregate = (to: string) => `rbac.authorization.k8s.io/aggregate-to-${to}`

function into(to: string, name: string, rules: readonly PolicyRule[]): BootRole {
  return { name, labels: { [aggregate(to)]: 'true' }, rules }
}

const scales = 'deployments/scale replicasets/scale statefulsets/scale'
const workloads = `controllerrevisions daemonsets deployments deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale`

const viewRules: readonly PolicyRule[] = [
  on(
    '',
    'configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status',
    read,
  ),
  on(
    '',
    'bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status',
    read,
  ),
  on('', 'namespaces', read),
  on('discovery.k8s.io', 'endpointslices', read),
  on(
    'apps',
    `${workloads} daemonsets/status deployments/status replicasets/status statefulsets/status`,
    read,
  ),
  on('autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status', read),
  on('batch', 'cronjobs cronjobs/status jobs jobs/status', read),
  on('policy', 'poddisruptionbudgets poddisruptionbudgets/status', read),
  on('networking.k8s.io', 'ingresses ingresses/status networkpolicies', read),
  on('metrics.k8s.io', 'pods nodes', read),
]

const editRules: readonly PolicyRule[] = [
  on('', 'pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy', read),
  on('', 'serviceaccounts', ['impersonate']),
  on('', 'pods pods/attach pods/exec pods/portforward pods/proxy', change),
  on('', 'pods/eviction', ['create']),
  on(
    '',
    'configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy',
    change,
  ),
  on('', 'serviceaccounts/token', ['create']),
  on(
    'apps',
    `daemonsets deployments deployments/rollback replicasets statefulsets ${scales}`,
    change,
  ),
  on('autoscaling', 'horizontalpodautoscalers', change),
  on('batch', 'cronjobs jobs', change),
  on('policy', 'poddisruptionbudgets', change),
  on('networking.k8s.io', 'ingresses networkpolicies', change),
  on('coordination.k8s.io', 'leases', all),
]

const adminRules: readonly PolicyRule[] = [
  on('authorization.k8s.io', 'localsubjectaccessreviews', ['create']),
  on('rbac.authorization.k8s.io', 'rolebindings roles', all),
]

const argo =
  'clusterworkflowtemplates cronworkflows workfloweventbindings workflows workflowtemplates workflowtaskresults'
const events = 'eventbus eventsources sensors'
const withFinalizers = (names: string) =>
  names
    .split(' ')
    .flatMap((name) => [name, `${name}/finalizers`])
    .join(' ')
const argoRules = (verbs: readonly string[], more = '') => [
  on('argoproj.io', withFinalizers(`${argo}${more}`), verbs),
  on('argoproj.io', events, verbs),
]
const sparkRules = (verbs: readonly string[]) => [
  on('sparkoperator.k8s.io', 'sparkapplications scheduledsparkapplications sparkconnects', verbs),
]

const discovery = '/api /api/* /apis /apis/* /openapi /openapi/*'
const info = '/healthz /livez /readyz /version /version/'

/** What a node in a process of its own needs; what it may write of that is narrower still (guard-nodes.ts). */
const nodeRules: readonly PolicyRule[] = [
  on('', 'pods persistentvolumeclaims services endpoints nodes', read),
  on('discovery.k8s.io', 'endpointslices', read),
  on('', 'secrets configmaps persistentvolumes serviceaccounts', ['get']),
  on('', 'pods', ['delete']),
  on('', 'nodes', ['create', 'patch', 'update']),
  on('', 'pods/status nodes/status persistentvolumeclaims/status persistentvolumes/status', [
    'get',
    'patch',
    'update',
  ]),
  on('', 'serviceaccounts/token', ['create']),
  on('', 'events', ['create', 'patch', 'update']),
  // It gives claims their directories.
  on('', 'persistentvolumeclaims', ['patch']),
  on('', 'persistentvolumes', ['create', 'delete', 'patch']),
  on('coordination.k8s.io', 'leases', ['get', 'create', 'patch', 'update']),
  on('authorization.k8s.io', 'subjectaccessreviews', ['create']),
  // Upstream's executor writes them with its pod's account; here the node does.
  on('argoproj.io', 'workflowtaskresults', ['get', 'create', 'patch', 'update']),
]

export const bootRoles: readonly BootRole[] = [
  {
    name: 'cluster-admin',
    rules: [
      { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
      { nonResourceURLs: ['*'], verbs: ['*'] },
    ],
  },
  { name: 'admin', rules: [], aggregates: aggregate('admin') },
  {
    name: 'edit',
    labels: { [aggregate('admin')]: 'true' },
    rules: [],
    aggregates: aggregate('edit'),
  },
  {
    name: 'view',
    labels: { [aggregate('edit')]: 'true' },
    rules: [],
    aggregates: aggregate('view'),
  },
  into('admin', 'system:aggregate-to-admin', adminRules),
  into('edit', 'system:aggregate-to-edit', editRules),
  into('view', 'system:aggregate-to-view', viewRules),
  into('admin', 'argo-aggregate-to-admin', argoRules(all, ' workflowtasksets')),
  into('edit', 'argo-aggregate-to-edit', argoRules(all)),
  into('view', 'argo-aggregate-to-view', argoRules(read)),
  into('edit', 'spark-aggregate-to-edit', sparkRules(change)),
  into('view', 'spark-aggregate-to-view', sparkRules(read)),
  { name: 'system:node', rules: nodeRules },
  {
    name: 'system:basic-user',
    rules: [
      on('authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews', ['create']),
      on('authentication.k8s.io', 'selfsubjectreviews', ['create']),
    ],
  },
  { name: 'system:discovery', rules: [paths(`${discovery} ${info}`)] },
  { name: 'system:public-info-viewer', rules: [paths(info)] },
  {
    name: 'system:service-account-issuer-discovery',
    rules: [
      paths(
        '/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/',
      ),
    ],
  },
  {
    name: 'system:auth-delegator',
    rules: [
      on('authentication.k8s.io', 'tokenreviews', ['create']),
      on('authorization.k8s.io', 'subjectaccessreviews', ['create']),
    ],
  },
]

export const bootBindings: readonly BootBinding[] = [
  { name: 'cluster-admin', role: 'cluster-admin', groups: ['system:masters'] },
  { name: 'system:node', role: 'system:node', groups: ['system:nodes'] },
  { name: 'system:basic-user', role: 'system:basic-user', groups: ['system:authenticated'] },
  { name: 'system:discovery', role: 'system:discovery', groups: ['system:authenticated'] },
  {
    name: 'system:public-info-viewer',
    role: 'system:public-info-viewer',
    groups: ['system:authenticated', 'system:unauthenticated'],
  },
  {
    name: 'system:service-account-issuer-discovery',
    role: 'system:service-account-issuer-discovery',
    groups: ['system:serviceaccounts'],
  },
]
