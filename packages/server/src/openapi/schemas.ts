import { type JsonObject, manifestSchemas } from '@argosy/engine'

export const root = '#/components/schemas/'

const ref = (name: string): JsonObject => ({ $ref: root + name })
const list = (items: JsonObject): JsonObject => ({ type: 'array', items })
const string: JsonObject = { type: 'string' }
const boolean: JsonObject = { type: 'boolean' }
const integer: JsonObject = { type: 'integer' }
const texts = list(string)

/** An object; the fields whose names end in `!` are always there. */
function object(fields: Readonly<Record<string, JsonObject>>, description?: string): JsonObject {
  const names = Object.keys(fields)
  const required = names.filter((name) => name.endsWith('!')).map((name) => name.slice(0, -1))
  return {
    type: 'object',
    ...(description && { description }),
    properties: Object.fromEntries(
      names.map((name) => [name.replace(/!$/, ''), fields[name] ?? {}]),
    ),
    ...(required.length > 0 && { required }),
  }
}

/** A request whose unknown fields are refused. */
const strict = (fields: Readonly<Record<string, JsonObject>>): JsonObject => ({
  ...object(fields),
  additionalProperties: false,
})

/** One message of a stream: a line of JSON, or the data of a server-sent event. */
const streamed = (result: JsonObject): JsonObject =>
  object(
    { result, error: ref('StreamError') },
    'a line each, or with Accept: text/event-stream an event each',
  )

/** With the names that upstream's description of the API gives them, without their packages. */
export function apiSchemas(): Readonly<Record<string, JsonObject>> {
  return { ...manifestSchemas(root), ...listSchemas, ...messageSchemas, ...requestSchemas }
}

/** `fields` may leave out anything. */
function listOf(kind: string): JsonObject {
  return object({ metadata: ref('ListMeta'), items: list(ref(kind)) })
}

/** Argo Events' kinds are passed on. */
const eventsKind: JsonObject = object({
  ...{ apiVersion: string, kind: string, metadata: ref('ObjectMeta') },
  ...{ spec: object({}), status: object({}) },
})

const listSchemas: Readonly<Record<string, JsonObject>> = {
  ListMeta: object({
    ...{ resourceVersion: string, continue: string, remainingItemCount: integer },
  }),
  WorkflowList: listOf('Workflow'),
  WorkflowTemplateList: listOf('WorkflowTemplate'),
  ClusterWorkflowTemplateList: listOf('ClusterWorkflowTemplate'),
  CronWorkflowList: listOf('CronWorkflow'),
  WorkflowEventBinding: object({
    ...{ apiVersion: string, kind: string, metadata: ref('ObjectMeta') },
    spec: object({ event: object({ selector: string }), submit: object({}) }),
  }),
  WorkflowEventBindingList: listOf('WorkflowEventBinding'),
  EventSource: eventsKind,
  EventSourceList: listOf('EventSource'),
  Sensor: eventsKind,
  SensorList: listOf('Sensor'),
  LabelKeys: object({ items: texts }),
  PhaseCounts: object({ counts: { type: 'object', additionalProperties: { type: 'integer' } } }),
  LabelValues: object({ items: texts }),
}

const eventLine = {
  ...{ 'namespace!': string, 'level!': string, 'time!': string, 'msg!': string },
}

const messageSchemas: Readonly<Record<string, JsonObject>> = {
  Nothing: object({}),
  Error: object(
    { 'code!': integer, 'message!': string, details: list(object({})) },
    'code is gRPC’s; the details name every field that is wrong',
  ),
  StreamError: object({
    ...{ 'grpc_code!': integer, 'http_code!': integer, 'message!': string, 'http_status!': string },
  }),
  WorkflowWatchEvent: streamed(
    object({
      'type!': string,
      'object!': ref('Workflow'),
      patch: { type: 'array', items: { type: 'object' } },
    }),
  ),
  EventStream: streamed(object({})),
  EventSourceWatchEvent: streamed(object({ 'type!': string, 'object!': ref('EventSource') })),
  SensorWatchEvent: streamed(object({ 'type!': string, 'object!': ref('Sensor') })),
  EventFlowStream: streamed(
    object(
      { 'type!': string, object: object({}), refused: list(object({})) },
      'after all that is there comes LISTED, with the kinds that you may not see',
    ),
  ),
  EventSourceLogEntries: streamed(
    object({ ...eventLine, eventSourceName: string, eventSourceType: string, eventName: string }),
  ),
  SensorLogEntries: streamed(
    object({
      ...{ ...eventLine, sensorName: string, triggerName: string },
      ...{ dependencyName: string, eventContext: string },
    }),
  ),
  LogEntries: streamed(object({ 'content!': string, 'podName!': string })),
  Reasons: object({
    'reasons!': list(
      object({ 'kind!': string, 'sentence!': string, chain: list({}), nodeId: string }),
    ),
  }),
  InfoResponse: object({
    ...{ managedNamespace: string, navColor: string, modals: object({}) },
    ...{ links: list(object({})), columns: list(object({})) },
  }),
  Version: object({
    ...{ 'version!': string, 'buildDate!': string, 'gitCommit!': string, 'gitTag!': string },
    ...{ 'gitTreeState!': string, 'goVersion!': string, 'compiler!': string, 'platform!': string },
  }),
  GetUserInfoResponse: object({
    ...{ issuer: string, subject: string, groups: texts, name: string, email: string },
    ...{ emailVerified: boolean, preferredUsername: string },
    ...{ serviceAccountName: string, serviceAccountNamespace: string },
  }),
  Rights: object({
    ...{ 'namespace!': string, 'user!': string },
    'verbs!': { type: 'object', additionalProperties: texts },
  }),
  SyncLimitResponse: object({
    ...{ 'namespace!': string, 'cmName!': string, 'key!': string, 'limit!': integer },
  }),
}

const createOptions = object({ dryRun: texts })

const requestSchemas: Readonly<Record<string, JsonObject>> = {
  WorkflowCreateRequest: object({
    ...{ namespace: string, 'workflow!': ref('Workflow'), createOptions, serverDryRun: boolean },
  }),
  WorkflowLintRequest: object({ namespace: string, 'workflow!': ref('Workflow') }),
  WorkflowSubmitRequest: object({
    ...{ namespace: string, 'resourceKind!': string, 'resourceName!': string },
    submitOptions: ref('SubmitOpts'),
  }),
  SubmitOpts: strict({
    ...{ name: string, generateName: string, entryPoint: string, entrypoint: string },
    ...{ parameters: texts, artifacts: texts, labels: string, annotations: string },
    ...{ serviceAccount: string, podPriorityClassName: string, priority: integer },
    ...{ ownerReference: object({}), dryRun: boolean, serverDryRun: boolean },
  }),
  WorkflowResumeRequest: object({ nodeFieldSelector: string }),
  WorkflowStopRequest: object({ nodeFieldSelector: string, message: string }),
  WorkflowSetRequest: object({
    ...{ nodeFieldSelector: string, message: string, outputParameters: string },
    phase: { type: 'string', enum: ['', 'Succeeded', 'Failed', 'Error', 'Skipped', 'Running'] },
  }),
  WorkflowRetryRequest: object({
    ...{ restartSuccessful: boolean, nodeFieldSelector: string, parameters: texts },
    ...{ name: string, namespace: string },
  }),
  WorkflowResubmitRequest: object({
    ...{ memoized: boolean, parameters: texts, name: string, namespace: string },
  }),
  WorkflowTemplateRequest: object({ namespace: string, 'template!': ref('WorkflowTemplate') }),
  ClusterWorkflowTemplateRequest: object({ 'template!': ref('ClusterWorkflowTemplate') }),
  CronWorkflowRequest: object({ namespace: string, 'cronWorkflow!': ref('CronWorkflow') }),
  EventSourceRequest: object({ namespace: string, 'eventSource!': ref('EventSource') }),
  SensorRequest: object({ namespace: string, 'sensor!': ref('Sensor') }),
  CreateSyncLimitRequest: object({
    ...{ 'cmName!': string, 'key!': string, 'limit!': { type: 'integer', minimum: 1 } },
    type: { type: 'integer', enum: [0] },
  }),
  UpdateSyncLimitRequest: object({
    ...{ 'cmName!': string, 'limit!': { type: 'integer', minimum: 1 } },
    type: { type: 'integer', enum: [0] },
  }),
  CollectEventRequest: object({ name: string }),
  LoginRequest: object({ 'token!': string }),
}
