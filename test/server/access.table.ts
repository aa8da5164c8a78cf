import { hello, workflow } from './argo-api.ts'

/** The roles by which Argo's API is asked, each with what it may in Kubernetes' terms. */
export const roles = {
  anonymous: 'without a token',
  none: 'a token, and no rights',
  reader: 'the ClusterRole `view`, everywhere',
  submitter:
    'upstream’s `submit-workflow-template`: get templates, list event bindings, create workflows',
  admin: 'the ClusterRole `admin`, everywhere',
} as const

export type Role = keyof typeof roles

export interface Access {
  readonly method: string
  /** With things that are there; `{uid}` is an archived run's. */
  readonly path: string
  readonly body?: object
  /** Who is let in; of the others those without a token are told 401, those with one 403. */
  readonly for: readonly Role[]
  /** What those are told who have no token; default 401. */
  readonly unknown?: number
  /** What those are told who are let in; default 200. */
  readonly code?: number
}

const read: readonly Role[] = ['reader', 'admin']
const submit: readonly Role[] = ['submitter', 'admin']
const change: readonly Role[] = ['admin']
const everyone: readonly Role[] = ['none', 'reader', 'submitter', 'admin']
const anybody: readonly Role[] = ['anonymous', ...everyone]

const cronSpec = { schedules: ['* * * * *'], workflowSpec: hello }
const named = (name: string, spec: object) => ({ metadata: { name }, spec })
const w = '/api/v1/workflows/default'

const operations: readonly (readonly [string, object, number?])[] = [
  ['suspend', {}],
  ['resume', {}],
  ['stop', {}],
  ['terminate', {}],
  ['set', { nodeFieldSelector: 'displayName=x', message: 'm' }, 400],
  ['retry', {}, 400],
  ['resubmit', {}],
]

function stored(
  path: string,
  {
    field,
    spec,
    seen = read,
    isLinted = true,
  }: {
    readonly field: string
    readonly spec: object
    readonly seen?: readonly Role[]
    readonly isLinted?: boolean
  },
): readonly Access[] {
  const body = { [field]: named('new', spec) }
  return [
    { method: 'GET', path, for: read },
    { method: 'POST', path, body, for: change },
    ...(isLinted ? [{ method: 'POST', path: `${path}/lint`, body, for: everyone }] : []),
    { method: 'GET', path: `${path}/t`, for: seen },
    { method: 'PUT', path: `${path}/t`, body: { [field]: named('t', spec) }, for: change },
    { method: 'DELETE', path: `${path}/t`, for: change },
  ]
}

const artifact = 'default/w/node/out'

/** Every endpoint of Argo's API, and who is let in. */
export const accesses: readonly Access[] = [
  { method: 'GET', path: w, for: read },
  { method: 'POST', path: w, body: { workflow: workflow('new') }, for: submit },
  { method: 'POST', path: `${w}/lint`, body: { workflow: workflow('new') }, for: everyone },
  {
    ...{ method: 'POST', path: `${w}/submit`, for: submit },
    body: { resourceKind: 'WorkflowTemplate', resourceName: 't' },
  },
  { method: 'GET', path: `${w}/w`, for: read },
  { method: 'GET', path: `${w}/w/why`, for: read },
  { method: 'GET', path: `${w}/w/log`, for: read },
  { method: 'GET', path: `${w}/w/some-pod/log`, for: read },
  { method: 'DELETE', path: `${w}/w`, for: change },
  ...operations.map(([name, body, code = 200]) => ({
    ...{ method: 'PUT', path: `${w}/w/${name}`, body, for: change, code },
  })),
  { method: 'GET', path: '/api/v1/workflow-events/default', for: read },
  { method: 'GET', path: '/api/v1/stream/events/default', for: read },
  ...stored('/api/v1/workflow-templates/default', {
    ...{ field: 'template', spec: hello, seen: ['reader', 'submitter', 'admin'] },
  }),
  ...stored('/api/v1/cluster-workflow-templates', { field: 'template', spec: hello }),
  ...stored('/api/v1/cron-workflows/default', { field: 'cronWorkflow', spec: cronSpec }),
  { method: 'PUT', path: '/api/v1/cron-workflows/default/t/suspend', body: {}, for: change },
  { method: 'PUT', path: '/api/v1/cron-workflows/default/t/resume', body: {}, for: change },
  { method: 'GET', path: '/api/v1/archived-workflows?namespace=default', for: read },
  { method: 'GET', path: '/api/v1/archived-workflows/{uid}', for: read },
  { method: 'DELETE', path: '/api/v1/archived-workflows/{uid}', for: change },
  { method: 'PUT', path: '/api/v1/archived-workflows/{uid}/retry', body: {}, for: change },
  { method: 'PUT', path: '/api/v1/archived-workflows/{uid}/resubmit', body: {}, for: change },
  { method: 'GET', path: '/api/v1/archived-workflows-phases', for: read },
  { method: 'GET', path: '/api/v1/archived-workflows-label-keys', for: read },
  {
    ...{ method: 'GET', for: read },
    path: '/api/v1/archived-workflows-label-values?listOptions.labelSelector=a',
  },
  { method: 'GET', path: `/artifacts/${artifact}`, for: read, code: 404 },
  { method: 'GET', path: `/input-artifacts/${artifact}`, for: read, code: 404 },
  { method: 'GET', path: '/artifacts-by-uid/{uid}/node/out', for: read, code: 404 },
  { method: 'GET', path: '/input-artifacts-by-uid/{uid}/node/out', for: read, code: 404 },
  {
    ...{ method: 'GET', for: read, code: 404 },
    path: '/artifact-files/default/workflows/w/node/outputs/out',
  },
  {
    ...{ method: 'GET', for: read, code: 404 },
    path: '/artifact-files/default/archived-workflows/{uid}/node/outputs/out/a/b.txt',
  },
  {
    ...{ method: 'GET', for: ['reader', 'submitter', 'admin'] },
    path: '/api/v1/workflow-event-bindings/default',
  },
  // The binding that is meant submits a template: as the sender.
  // Who has no token has to sign, as upstream's webhook clients do.
  {
    ...{ method: 'POST', path: '/api/v1/events/default/x', body: { go: true } },
    ...{ for: submit, unknown: 403 },
  },
  ...stored('/api/v1/event-sources/default', {
    ...{ field: 'eventSource', spec: { webhook: {} }, isLinted: false },
  }),
  ...stored('/api/v1/sensors/default', { field: 'sensor', spec: {}, isLinted: false }),
  { method: 'GET', path: '/api/v1/stream/event-sources/default', for: read },
  { method: 'GET', path: '/api/v1/stream/event-sources/default/logs', for: read },
  { method: 'GET', path: '/api/v1/stream/sensors/default', for: read },
  { method: 'GET', path: '/api/v1/stream/sensors/default/logs', for: read },
  { method: 'GET', path: '/api/v1/stream/event-flow/default', for: read },
  { method: 'GET', path: '/api/v1/sync/default/a?cmName=limits', for: read },
  {
    ...{ method: 'POST', path: '/api/v1/sync/default', for: change },
    body: { cmName: 'limits', key: 'b', limit: 1 },
  },
  {
    ...{ method: 'PUT', path: '/api/v1/sync/default/a', for: change },
    body: { cmName: 'limits', limit: 1 },
  },
  { method: 'DELETE', path: '/api/v1/sync/default/a?cmName=limits', for: change },
  { method: 'GET', path: '/api/v1/info', for: everyone },
  { method: 'GET', path: '/api/v1/version', for: everyone },
  { method: 'GET', path: '/api/v1/userinfo', for: everyone },
  { method: 'GET', path: '/api/v1/rights/default', for: everyone },
  { method: 'POST', path: '/api/v1/tracking/event', body: { name: 'x' }, for: everyone },
  { method: 'POST', path: '/oauth2/login', body: { token: 'admin' }, for: anybody },
  { method: 'POST', path: '/oauth2/logout', body: {}, for: anybody },
]
