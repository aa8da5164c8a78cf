import type { JsonObject, KubeObject } from '@argosy/engine'

/** The kinds of Argo Workflows and Argo Events as CustomResourceDefinitions, with upstream's names and columns; every field is kept. */

const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } as const

const schema = {
  ...open,
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
    spec: open,
    status: open,
  },
} as const

interface Names {
  readonly kind: string
  readonly plural: string
  readonly shortNames?: readonly string[]
  readonly isGlobal?: boolean
  readonly hasStatus?: boolean
  /** Fields that have to be there. */
  readonly required?: readonly string[]
  readonly columns?: readonly JsonObject[]
}

/** Books that say that nobody holds anything: upstream's own definitions can be applied over these without a conflict. */
const nobody = {
  ...{ manager: 'argosy', operation: 'Update', apiVersion: 'apiextensions.k8s.io/v1' },
  ...{ fieldsType: 'FieldsV1', fieldsV1: {} },
}

function definition({ kind, plural, ...more }: Names): KubeObject {
  const names = { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() }
  const version = {
    name: 'v1alpha1',
    served: true,
    storage: true,
    ...(more.columns && { additionalPrinterColumns: more.columns }),
    ...(more.hasStatus && { subresources: { status: {} } }),
    schema: {
      openAPIV3Schema: { ...schema, ...(more.required && { required: more.required }) },
    },
  }
  const object = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.argoproj.io`, managedFields: [nobody] },
    spec: {
      group: 'argoproj.io',
      names: { ...names, ...(more.shortNames && { shortNames: more.shortNames }) },
      scope: more.isGlobal ? 'Cluster' : 'Namespaced',
      versions: [version],
    },
  }
  return object
}

const workflowColumns = [
  {
    name: 'Status',
    type: 'string',
    jsonPath: '.status.phase',
    description: 'Status of the workflow',
  },
  {
    name: 'Age',
    type: 'date',
    format: 'date-time',
    jsonPath: '.status.startedAt',
    description: 'When the workflow was started',
  },
  {
    name: 'Message',
    type: 'string',
    jsonPath: '.status.message',
    description: 'Why the workflow is as it is, for people',
  },
] as const

export const argoDefinitions: readonly KubeObject[] = [
  definition({
    kind: 'Workflow',
    plural: 'workflows',
    shortNames: ['wf'],
    columns: workflowColumns,
  }),
  definition({ kind: 'WorkflowTemplate', plural: 'workflowtemplates', shortNames: ['wftmpl'] }),
  definition({
    kind: 'ClusterWorkflowTemplate',
    plural: 'clusterworkflowtemplates',
    shortNames: ['clusterwftmpl', 'cwft'],
    isGlobal: true,
  }),
  definition({ kind: 'CronWorkflow', plural: 'cronworkflows', shortNames: ['cwf', 'cronwf'] }),
  definition({
    kind: 'WorkflowEventBinding',
    plural: 'workfloweventbindings',
    shortNames: ['wfeb'],
  }),
  definition({
    kind: 'WorkflowTaskSet',
    plural: 'workflowtasksets',
    shortNames: ['wfts'],
    hasStatus: true,
  }),
  definition({ kind: 'WorkflowTaskResult', plural: 'workflowtaskresults' }),
  definition({
    kind: 'WorkflowArtifactGCTask',
    plural: 'workflowartifactgctasks',
    shortNames: ['wfat'],
    hasStatus: true,
  }),
  ...[
    { kind: 'EventSource', plural: 'eventsources', shortNames: ['es'] },
    { kind: 'Sensor', plural: 'sensors', shortNames: ['sn'] },
    { kind: 'EventBus', plural: 'eventbus', shortNames: ['eb'] },
  ].map((names) => definition({ ...names, hasStatus: true, required: ['metadata', 'spec'] })),
]
