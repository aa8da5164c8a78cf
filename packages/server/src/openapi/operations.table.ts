import type { Route } from '../http/router.ts'

/** What the description of the API says of an endpoint. */
export interface Operation {
  readonly method: Route['method']
  readonly path: string
  /** Upstream's, where it has the endpoint. */
  readonly id: string
  readonly summary: string
  /** Names in parameters.table.ts. */
  readonly query?: readonly string[]
  /** Names in schemas.ts; `json` is any JSON. */
  readonly body?: string
  /** Names in schemas.ts; `bytes` is a file. */
  readonly answer: string
  /** A message after the other. */
  readonly streams?: boolean
}

const page = ['listOptions.limit', 'listOptions.continue']
const selected = ['listOptions.labelSelector', 'listOptions.fieldSelector']
const runs = [
  ...[...selected, ...page, 'fields', 'query', 'nameFilter', 'namePrefix'],
  ...['createdAfter', 'finishedBefore'],
]
const log = [
  ...['follow', 'timestamps', 'previous', 'container', 'tailLines', 'limitBytes'],
  ...['sinceSeconds', 'sinceTime', 'allAttempts'],
].map((name) => `logOptions.${name}`)
const logs = [...log, 'grep', 'selector']
const watch = [...selected, 'listOptions.resourceVersion', 'fields']

const w = '/api/v1/workflows/{namespace}'

function change(
  name: string,
  { body = 'Nothing', summary }: { readonly body?: string; readonly summary: string },
): Operation {
  const id = `WorkflowService_${name[0]?.toUpperCase()}${name.slice(1)}Workflow`
  return { method: 'PUT', path: `${w}/{name}/${name}`, id, summary, body, answer: 'Workflow' }
}

interface Stored {
  readonly kind: string
  readonly path: string
  readonly noun: string
}

/** The six endpoints of what is kept to be run. */
function stored({ kind, path, noun }: Stored): readonly Operation[] {
  const id = (verb: string, plural = '') => `${kind}Service_${verb}${kind}${plural}`
  const body = `${kind}Request`
  const one = `${path}/{name}`
  return [
    {
      ...{ method: 'GET', path, id: id('List', 's'), answer: `${kind}List` },
      ...{ summary: `List ${noun}s`, query: [...selected, ...page, 'fields', 'namePattern'] },
    },
    { method: 'POST', path, id: id('Create'), summary: `Keep a ${noun}`, body, answer: kind },
    {
      ...{ method: 'POST', path: `${path}/lint`, id: id('Lint'), body, answer: kind },
      summary: `Check a ${noun}`,
    },
    { method: 'GET', path: one, id: id('Get'), summary: `Get a ${noun}`, answer: kind },
    {
      method: 'PUT',
      path: one,
      id: id('Update'),
      summary: `Replace a ${noun}`,
      body,
      answer: kind,
    },
    {
      method: 'DELETE',
      path: one,
      id: id('Delete'),
      summary: `Delete a ${noun}`,
      answer: 'Nothing',
    },
  ]
}

interface PassedOn extends Stored {
  /** What of their logs is wanted. */
  readonly query: readonly string[]
}

/** The endpoints of Argo Events' kinds, which are not checked. */
function passedOn({ query, ...of }: PassedOn): readonly Operation[] {
  const { kind, noun, path } = of
  const root = path.replace('/v1/', '/v1/stream/')
  const [watched, told] = [`${kind}Service_Watch${kind}s`, `${kind}Service_${kind}sLogs`]
  return [
    ...stored(of).filter(({ id }) => !id.includes('Lint')),
    {
      ...{ method: 'GET', path: root, id: watched, answer: `${kind}WatchEvent`, streams: true },
      ...{ summary: `Changes of ${noun}s, as they happen`, query: watch },
    },
    {
      ...{ method: 'GET', path: `${root}/logs`, id: told },
      ...{ answer: `${kind}LogEntries`, streams: true },
      summary: `Lines of the pods that run ${noun}s; Argosy runs none yet`,
      query: ['name', ...query, 'grep', ...log.map((name) => name.replace('logO', 'podLogO'))],
    },
  ]
}

const archived = '/api/v1/archived-workflows'
const archive = (name: string) => `ArchivedWorkflowService_${name}`
const cron = '/api/v1/cron-workflows/{namespace}'
const sync = '/api/v1/sync/{namespace}'
const files = '/artifact-files/{namespace}/{kind}/{name}/{nodeId}/{direction}/{artifact}'

function file(path: string, id: string, summary: string): Operation {
  return { method: 'GET', path, id: `ArtifactService_${id}`, summary, answer: 'bytes' }
}

/** Every endpoint below the base path. */
export const operations: readonly Operation[] = [
  {
    ...{ method: 'GET', path: w, id: 'WorkflowService_ListWorkflows', answer: 'WorkflowList' },
    ...{ summary: 'List runs: those that are there, then the archived ones', query: runs },
  },
  {
    ...{ method: 'POST', path: w, id: 'WorkflowService_CreateWorkflow', answer: 'Workflow' },
    ...{ summary: 'Create a run', body: 'WorkflowCreateRequest' },
  },
  {
    ...{ method: 'POST', path: `${w}/lint`, id: 'WorkflowService_LintWorkflow' },
    ...{ summary: 'Check a run', body: 'WorkflowLintRequest', answer: 'Workflow' },
  },
  {
    ...{ method: 'POST', path: `${w}/submit`, id: 'WorkflowService_SubmitWorkflow' },
    summary: 'Create a run from a template or a schedule',
    ...{ body: 'WorkflowSubmitRequest', answer: 'Workflow' },
  },
  {
    ...{ method: 'GET', path: `${w}/{name}`, id: 'WorkflowService_GetWorkflow' },
    ...{
      summary: 'Get a run; @latest is the newest',
      query: ['uid', 'fields'],
      answer: 'Workflow',
    },
  },
  {
    ...{ method: 'DELETE', path: `${w}/{name}`, id: 'WorkflowService_DeleteWorkflow' },
    ...{ summary: 'Delete a run', query: ['force'], answer: 'Nothing' },
  },
  {
    ...{ method: 'GET', path: `${w}/{name}/why`, id: 'WorkflowService_WhyWorkflow' },
    ...{ summary: 'What a run waits for, or how it came to fail (ours)', query: ['node'] },
    answer: 'Reasons',
  },
  {
    ...{ method: 'GET', path: `${w}/{name}/log`, id: 'WorkflowService_WorkflowLogs' },
    ...{ summary: 'Lines of all pods of a run', query: [...logs, 'podName'] },
    ...{ answer: 'LogEntries', streams: true },
  },
  {
    ...{ method: 'GET', path: `${w}/{name}/{podName}/log`, id: 'WorkflowService_PodLogs' },
    ...{ summary: 'Lines of one pod', query: logs, answer: 'LogEntries', streams: true },
  },
  change('suspend', { summary: 'Let nothing new begin' }),
  change('resume', { body: 'WorkflowResumeRequest', summary: 'Go on, or only at some nodes' }),
  change('stop', { body: 'WorkflowStopRequest', summary: 'End it; exit handlers still run' }),
  change('terminate', { summary: 'End it at once' }),
  change('set', { body: 'WorkflowSetRequest', summary: 'Give waiting nodes their result' }),
  change('retry', { body: 'WorkflowRetryRequest', summary: 'Run failed nodes again' }),
  change('resubmit', { body: 'WorkflowResubmitRequest', summary: 'Create it once more' }),
  {
    ...{ method: 'GET', path: '/api/v1/workflow-events/{namespace}' },
    ...{ id: 'WorkflowService_WatchWorkflows', summary: 'Changes of runs, as they happen' },
    ...{ query: [...watch, 'deltas'], answer: 'WorkflowWatchEvent', streams: true },
  },
  {
    ...{ method: 'GET', path: '/api/v1/stream/events/{namespace}' },
    ...{ id: 'WorkflowService_WatchEvents', summary: 'Kubernetes’ events, as they happen' },
    ...{ query: watch.slice(0, 3), answer: 'EventStream', streams: true },
  },
  ...stored({
    ...{ kind: 'WorkflowTemplate', path: '/api/v1/workflow-templates/{namespace}' },
    noun: 'template',
  }),
  ...stored({
    ...{ kind: 'ClusterWorkflowTemplate', path: '/api/v1/cluster-workflow-templates' },
    noun: 'cluster template',
  }),
  ...stored({ kind: 'CronWorkflow', path: cron, noun: 'schedule' }),
  {
    ...{ method: 'PUT', path: `${cron}/{name}/suspend`, answer: 'CronWorkflow', body: 'Nothing' },
    ...{ id: 'CronWorkflowService_SuspendCronWorkflow', summary: 'Let a schedule rest' },
  },
  {
    ...{ method: 'PUT', path: `${cron}/{name}/resume`, answer: 'CronWorkflow', body: 'Nothing' },
    ...{ id: 'CronWorkflowService_ResumeCronWorkflow', summary: 'Let a schedule go on' },
  },
  {
    ...{ method: 'GET', path: archived, id: archive('ListArchivedWorkflows') },
    ...{ summary: 'List archived runs', query: [...runs, 'namespace'], answer: 'WorkflowList' },
  },
  {
    ...{ method: 'GET', path: `${archived}/{uid}`, id: archive('GetArchivedWorkflow') },
    ...{ summary: 'Get an archived run', query: ['name', 'namespace'], answer: 'Workflow' },
  },
  {
    ...{ method: 'DELETE', path: `${archived}/{uid}`, id: archive('DeleteArchivedWorkflow') },
    ...{ summary: 'Forget an archived run', answer: 'Nothing' },
  },
  {
    ...{ method: 'PUT', path: `${archived}/{uid}/retry`, id: archive('RetryArchivedWorkflow') },
    summary: 'Bring an archived run back, and run its failed nodes again',
    ...{ body: 'WorkflowRetryRequest', answer: 'Workflow' },
  },
  {
    ...{ method: 'PUT', path: `${archived}/{uid}/resubmit` },
    ...{ id: archive('ResubmitArchivedWorkflow'), summary: 'Create an archived run once more' },
    ...{ body: 'WorkflowResubmitRequest', answer: 'Workflow' },
  },
  {
    ...{ method: 'GET', path: `${archived}-phases`, id: archive('CountArchivedWorkflows') },
    summary:
      'How many archived runs of each phase a list would have; nothing where that takes long (ours)',
    query: [...runs.filter((name) => !page.includes(name) && name !== 'fields'), 'namespace'],
    answer: 'PhaseCounts',
  },
  {
    ...{ method: 'GET', path: `${archived}-label-keys` },
    ...{ id: archive('ListArchivedWorkflowLabelKeys'), summary: 'Labels of archived runs' },
    ...{ query: ['namespace'], answer: 'LabelKeys' },
  },
  {
    ...{ method: 'GET', path: `${archived}-label-values` },
    ...{ id: archive('ListArchivedWorkflowLabelValues'), summary: 'Values of one of their labels' },
    ...{ query: ['listOptions.labelSelector', 'namespace'], answer: 'LabelValues' },
  },
  file('/artifacts/{namespace}/{name}/{nodeId}/{artifact}', 'GetOutputArtifact', 'An output'),
  file('/input-artifacts/{namespace}/{name}/{nodeId}/{artifact}', 'GetInputArtifact', 'An input'),
  file('/artifacts-by-uid/{uid}/{nodeId}/{artifact}', 'GetOutputArtifactByUID', 'Of the archive'),
  file(
    '/input-artifacts-by-uid/{uid}/{nodeId}/{artifact}',
    ...(['GetInputArtifactByUID', 'Of the archive'] as const),
  ),
  file(files, 'GetArtifactFile', 'An artifact, or what is in it'),
  file(`${files}/{rest...}`, 'GetArtifactFileBelow', 'A file of an artifact that is a directory'),
  {
    ...{ method: 'GET', path: '/api/v1/workflow-event-bindings/{namespace}' },
    ...{ id: 'EventService_ListWorkflowEventBindings', summary: 'List event bindings' },
    ...{ query: [...selected, ...page], answer: 'WorkflowEventBindingList' },
  },
  {
    ...{ method: 'POST', path: '/api/v1/events/{namespace}/{discriminator}' },
    ...{ id: 'EventService_ReceiveEvent', summary: 'Start what bindings say of an event' },
    ...{ body: 'json', answer: 'Nothing' },
  },
  ...passedOn({
    ...{ kind: 'EventSource', path: '/api/v1/event-sources/{namespace}', noun: 'event source' },
    query: ['eventSourceType', 'eventName'],
  }),
  ...passedOn({
    ...{ kind: 'Sensor', path: '/api/v1/sensors/{namespace}', noun: 'sensor' },
    query: ['triggerName'],
  }),
  {
    ...{ method: 'GET', path: '/api/v1/stream/event-flow/{namespace}' },
    ...{ id: 'EventService_WatchEventFlow', answer: 'EventFlowStream', streams: true },
    summary: 'Event sources, sensors, buses, bindings, and the newest of their runs (ours)',
  },
  {
    ...{ method: 'POST', path: sync, id: 'SyncService_CreateSyncLimit' },
    ...{ summary: 'Set a limit of a semaphore', body: 'CreateSyncLimitRequest' },
    answer: 'SyncLimitResponse',
  },
  {
    ...{ method: 'GET', path: `${sync}/{key}`, id: 'SyncService_GetSyncLimit' },
    ...{ summary: 'Get a limit', query: ['cmName', 'type'], answer: 'SyncLimitResponse' },
  },
  {
    ...{ method: 'PUT', path: `${sync}/{key}`, id: 'SyncService_UpdateSyncLimit' },
    ...{ summary: 'Change a limit', body: 'UpdateSyncLimitRequest', answer: 'SyncLimitResponse' },
  },
  {
    ...{ method: 'DELETE', path: `${sync}/{key}`, id: 'SyncService_DeleteSyncLimit' },
    ...{ summary: 'Remove a limit', query: ['cmName', 'type'], answer: 'Nothing' },
  },
  {
    ...{ method: 'GET', path: '/api/v1/info', id: 'InfoService_GetInfo', answer: 'InfoResponse' },
    summary: 'What the pages show: links, columns, colours',
  },
  {
    ...{ method: 'GET', path: '/api/v1/version', id: 'InfoService_GetVersion', answer: 'Version' },
    summary: 'What answers',
  },
  {
    ...{ method: 'GET', path: '/api/v1/userinfo', id: 'InfoService_GetUserInfo' },
    ...{ summary: 'Who asks', answer: 'GetUserInfoResponse' },
  },
  {
    ...{ method: 'GET', path: '/api/v1/rights/{namespace}', id: 'InfoService_GetRights' },
    summary: 'What whoever asks may do in a namespace (ours)',
    ...{ query: ['name'], answer: 'Rights' },
  },
  {
    ...{ method: 'POST', path: '/api/v1/tracking/event', id: 'InfoService_CollectEvent' },
    ...{ summary: 'Taken, and forgotten', body: 'CollectEventRequest', answer: 'Nothing' },
  },
]
