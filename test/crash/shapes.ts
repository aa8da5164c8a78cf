import type { JsonObject, KubeObject } from '@argosy/engine'

/** A kind of workflow, and what its end has to look like. */
export interface Shape {
  readonly name: string
  readonly spec: JsonObject
  /** Pods that it makes, attempts and exit handlers included. */
  readonly pods: number
  /** Templates whose pods are ended by others: they say when they begin, and not that they are done. */
  readonly cutOff?: readonly string[]
  /** It waits for somebody to resume it. */
  readonly isResumed?: boolean
  /** Objects of its own making: ConfigMaps that are labelled with its name. */
  readonly objects?: number
}

/** Where steps write down that they begin and end; all see it at this path. */
export type Ledger = string

interface Step {
  readonly seconds?: number
  readonly before?: string
  readonly after?: string
  readonly more?: JsonObject
}

/** A script that notes its beginning and its end. */
function script(name: string, ledger: Ledger, step: Step = {}): JsonObject {
  const { seconds = 0.2, before = '', after = '', more = {} } = step
  const note = (word: string) => `echo "${word} $HOSTNAME" >> ${ledger}/steps`
  const source = [note('begin'), before, `sleep ${seconds}`, note('end'), after].join('\n')
  const mount = [{ name: 'ledger', mountPath: ledger }]
  return {
    name,
    script: { image: 'busybox', command: ['sh'], source, volumeMounts: mount },
    ...more,
  }
}

const steps = (...groups: readonly (readonly JsonObject[])[]) =>
  ({ name: 'main', steps: groups }) as unknown as JsonObject
const step = (name: string, template: string, more: JsonObject = {}): JsonObject => ({
  ...{ name, template },
  ...more,
})
const parameter = (name: string, value: string) => ({ parameters: [{ name, value }] })

/** Mixed shapes; `seconds` of each step are chosen so that a kill meets them in every state. */
export function shapesWith(ledger: Ledger): readonly Shape[] {
  const spec = (...templates: readonly JsonObject[]): JsonObject => ({
    entrypoint: 'main',
    volumes: [{ name: 'ledger', hostPath: { path: ledger } }],
    templates,
  })
  const s = (name: string, given?: Step) => script(name, ledger, given)
  return [
    {
      ...{ name: 'chain', pods: 6 },
      spec: spec(
        steps(...Array.from({ length: 6 }, (_, at) => [step(`s${at}`, 'one')])),
        s('one', { seconds: 0.15 }),
      ),
    },
    {
      ...{ name: 'fan', pods: 10 },
      spec: spec(
        steps([step('f', 'one', { withSequence: { count: '10' } })]),
        s('one', { seconds: 0.4 }),
      ),
    },
    { name: 'dag', pods: 4, spec: spec(...diamond(s)) },
    { name: 'retry', pods: 4, spec: spec(...retried(s)) },
    { name: 'daemon', pods: 4, cutOff: ['served'], spec: spec(...served(s)) },
    { name: 'timer', pods: 2, spec: spec(...suspended(s, { duration: '1' })) },
    { name: 'gate', pods: 2, isResumed: true, spec: spec(...suspended(s, {})) },
    { name: 'lock', pods: 3, spec: spec(...locked(s, ledger)) },
    { name: 'files', pods: 3, spec: spec(...passing(s)) },
    { name: 'made', pods: 3, objects: 1, spec: spec(...making(s)) },
    { name: 'exit', pods: 3, spec: { ...spec(...plain(s)), onExit: 'last' } },
    { name: 'group', pods: 2, spec: spec(...grouped(s)) },
  ]
}

type Script = (name: string, given?: Step) => JsonObject

/** What a task makes comes to those behind it, whole. */
function diamond(s: Script): readonly JsonObject[] {
  const valued = (name: string, depends: string, value: string): JsonObject => ({
    ...{ name, template: 'one', depends },
    arguments: parameter('v', value),
  })
  const result = (name: string) => `{{tasks.${name}.outputs.parameters.v}}`
  const tasks = [
    { name: 'a', template: 'one', arguments: parameter('v', 'a') },
    valued('b', 'a', `${result('a')}b`),
    valued('c', 'a', `${result('a')}c`),
    {
      ...{ name: 'd', template: 'checked', depends: 'b && c' },
      arguments: parameter('v', `${result('b')}-${result('c')}`),
    },
  ]
  const inputs = { parameters: [{ name: 'v' }] }
  const outputs = { parameters: [{ name: 'v', valueFrom: { path: '/tmp/v' } }] }
  return [
    { name: 'main', dag: { tasks } },
    s('one', { before: 'echo -n "{{inputs.parameters.v}}" > /tmp/v', more: { inputs, outputs } }),
    s('checked', { after: 'test "{{inputs.parameters.v}}" = ab-ac', more: { inputs } }),
  ]
}

function retried(s: Script): readonly JsonObject[] {
  const retryStrategy = { limit: '5', retryPolicy: 'OnFailure' }
  return [
    steps([step('tried', 'third')], [step('then', 'one')]),
    s('third', { after: 'test "{{retries}}" -ge 2', more: { retryStrategy } }),
    s('one'),
  ]
}

function served(s: Script): readonly JsonObject[] {
  return [
    steps([step('d', 'served')], [step('x', 'one'), step('y', 'one')], [step('z', 'one')]),
    s('served', { seconds: 1000, more: { daemon: true } }),
    s('one', { seconds: 0.3 }),
  ]
}

function suspended(s: Script, suspend: JsonObject): readonly JsonObject[] {
  return [
    steps([step('before', 'one')], [step('wait', 'wait')], [step('after', 'one')]),
    { name: 'wait', suspend },
    s('one'),
  ]
}

/** Only one at a time, of all workflows of this shape. */
function locked(s: Script, ledger: Ledger): readonly JsonObject[] {
  const synchronization = { mutexes: [{ name: 'crash' }] }
  const note = (word: string) => `echo "${word} $HOSTNAME" >> ${ledger}/held`
  const held = { before: note('take'), after: note('free'), more: { synchronization } }
  return [
    steps([step('l', 'held', { withItems: [1, 2, 3] })]),
    s('held', { ...held, seconds: 0.1 }),
  ]
}

function passing(s: Script): readonly JsonObject[] {
  const artifacts = [{ name: 'f', path: '/tmp/f' }]
  const from = '{{steps.write.outputs.artifacts.f}}'
  const given = { arguments: { artifacts: [{ name: 'f', from }] } }
  const check = {
    after: 'test "$(cat /tmp/f)" = "{{workflow.name}}"',
    more: { inputs: { artifacts } },
  }
  return [
    steps([step('write', 'write')], [step('r1', 'read', given), step('r2', 'read', given)]),
    s('write', { after: 'echo {{workflow.name}} > /tmp/f', more: { outputs: { artifacts } } }),
    s('read', check),
  ]
}

/** An object with a generated name: a crash must not leave two. */
function making(s: Script): readonly JsonObject[] {
  const manifest = [
    ...['apiVersion: v1', 'kind: ConfigMap', 'metadata:'],
    ...['  generateName: made-', '  labels: {made-by: "{{workflow.name}}"}'],
  ].join('\n')
  return [
    steps([step('before', 'one')], [step('make', 'make')], [step('after', 'one')]),
    { name: 'make', resource: { action: 'create', manifest } },
    s('one', { seconds: 0.1 }),
  ]
}

function plain(s: Script): readonly JsonObject[] {
  return [steps([step('a', 'one'), step('b', 'one')]), s('one'), s('last')]
}

/** A sidecar ends with its step; limits make control groups. */
function grouped(s: Script): readonly JsonObject[] {
  const sidecars = [{ name: 'side', image: 'busybox', command: ['sleep', '1000'] }]
  return [steps([step('a', 'one')], [step('b', 'one')]), s('one', { more: { sidecars } })]
}

export function workflow(shape: Shape, name: string): KubeObject {
  return {
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow' },
    metadata: { name, namespace: 'default', labels: { shape: shape.name } },
    ...{ spec: shape.spec },
  }
}

/** A run every few seconds, of two steps. */
export function schedule(ledger: Ledger): KubeObject {
  const s = (name: string) => script(name, ledger)
  return {
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'CronWorkflow' },
    metadata: { name: 'tick', namespace: 'default' },
    ...{
      spec: {
        schedules: ['@every 15s'],
        ...{ startingDeadlineSeconds: 600, successfulJobsHistoryLimit: 1000 },
        workflowMetadata: { labels: { shape: 'cron' } },
        workflowSpec: {
          entrypoint: 'main',
          volumes: [{ name: 'ledger', hostPath: { path: ledger } }],
          templates: [steps([step('a', 'one')], [step('b', 'one')]), s('one')],
        },
      },
    },
  }
}
