import {
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  kubeJsonPath,
  type Parameter,
} from '@argosy/engine'
import { type Ref, type Resource, StatusError } from '@argosy/kube'
import type { BuiltIn, BuiltInCall } from '../built-in.ts'
import { parameterFile } from '../parameter-file.ts'
import { actions, type ResourceCall } from './actions.ts'
import { judge, readCondition } from './condition.ts'
import { readFlags } from './flags.ts'
import { jq } from './jq.ts'
import { kindOf } from './kinds.ts'
import { asJson, type Manifest, owned } from './manifest.ts'
import { isPassing } from './passing.ts'
import { notFound } from './target.ts'
import { watchObject } from './watch-object.ts'

/** Kinds whose conditions nobody here would ever make true, with the reason. */
export type Idle = (resource: Resource) => string | undefined

/** What an earlier run of the same container had come to. */
interface Memory {
  readonly name?: string
  /** What a patch was about to leave. */
  readonly expected?: string
  /** The action is done; this is the object, or nothing at all. */
  readonly done?: {
    readonly apiVersion?: string
    readonly kind?: string
    readonly namespace?: string
    readonly name?: string
  }
}

const manifestPath = '/tmp/manifest.yaml'

/** The program behind resource templates: argo's `argoexec resource`, without a kubectl. */
export function resourceProgram(idle: Idle = () => undefined): BuiltIn {
  return async (call) => {
    const template = call.plan?.template.resource
    if (!template) throw new Error('the pod has no resource template')
    const job = await jobOf(call, template)
    refuseForDelete(job)
    const made = await actOnce(job)
    if (job.action === 'delete') return 0
    if (made) await waitFor(made, job, idle)
    await saveParameters(made, job)
    return 0
  }
}

interface Job {
  readonly call: BuiltInCall
  readonly template: JsonObject
  readonly action: string
  readonly manifest: Manifest
  readonly parameters: readonly Parameter[]
  readonly memory: Memory
}

async function jobOf(call: BuiltInCall, template: JsonObject): Promise<Job> {
  return {
    call,
    template,
    action: text(template['action']),
    manifest: await manifestOf(call, template),
    parameters: call.plan?.template.outputs?.parameters ?? [],
    memory: await memoryOf(call),
  }
}

async function memoryOf(call: BuiltInCall): Promise<Memory> {
  return JSON.parse((await call.recall()) ?? '{}') as Memory
}

async function manifestOf(call: BuiltInCall, template: JsonObject): Promise<Manifest> {
  const from = template['manifestFrom']
  if (!isObject(from)) return { path: manifestPath, text: text(template['manifest']) }
  const name = isObject(from['artifact']) ? from['artifact']['name'] : ''
  const artifact = call.plan?.template.inputs?.artifacts?.find((one) => one.name === name)
  const path = artifact?.path ?? manifestPath
  const read = await call.read(path)
  if (read === undefined) throw new Error(`open ${path}: no such file or directory`)
  return { path, text: read }
}

function refuseForDelete({ action, template, parameters }: Job): void {
  const asks = template['successCondition'] || template['failureCondition'] || parameters.length > 0
  if (action !== 'delete' || !asks) return
  throw new Error(
    'successCondition, failureCondition and outputs are not supported for delete action',
  )
}

/** The object that the action was about; what an earlier run has done is not done again. */
async function actOnce(job: Job): Promise<Ref | undefined> {
  const { call, memory } = job
  if (memory.done) return refOf(memory.done, job)
  const made = await act(job)
  const { namespace, name } = made?.metadata ?? {}
  const done = made && {
    apiVersion: made.apiVersion,
    kind: made.kind,
    ...(namespace && { namespace }),
    ...(name && { name }),
  }
  await call.remember(JSON.stringify({ ...memory, done: done ?? {} } satisfies Memory))
  if (made)
    call.log(`${made.kind} ${made.apiVersion} ${namespace ?? ''}/${name ?? ''}: ${job.action}`)
  return refOf(done ?? {}, job)
}

async function refOf(done: NonNullable<Memory['done']>, { call }: Job): Promise<Ref | undefined> {
  const { apiVersion, kind, namespace, name } = done
  if (apiVersion === undefined || kind === undefined || name === undefined) return undefined
  const resource = await kindOf(apiVersion, kind, call.client)
  return resource && { resource, name, ...(namespace !== undefined && { namespace }) }
}

async function act(first: Job): Promise<KubeObject | undefined> {
  const { call, action, manifest, template } = first
  const perform = actions[action]
  if (!perform) throw new Error(`unknown action "${action}"`)
  const flags = Array.isArray(template['flags']) ? template['flags'].map(String) : []
  if (manifest.text === '' && flags.length === 0) {
    throw new Error('Must provide at least one of flags or manifest.')
  }
  let job = first
  for (let tries = 1; ; tries++) {
    try {
      return await perform(resourceCall(job, flags))
    } catch (error) {
      call.signal.throwIfAborted()
      if (!isPassing(error) || tries === 4)
        throw new Error(`no more retries ${kubectlText(error)}`, { cause: error })
      await call.clock.until(call.clock.now() + 10 * 5 ** tries, call.signal)
      // What has failed may have happened.
      job = { ...job, call: { ...call, again: true }, memory: await memoryOf(call) }
    }
  }
}

function resourceCall(
  { call, template, manifest, memory }: Job,
  flags: readonly string[],
): ResourceCall {
  const { pod, client, clock, signal, startedAt, again } = call
  const owner = pod.metadata.ownerReferences?.find(({ kind }) => kind === 'Workflow')
  const owns = template['setOwnerReference'] === true && manifest.path === manifestPath
  return {
    client,
    clock,
    signal,
    startedAt,
    again,
    namespace: pod.metadata.namespace ?? 'default',
    manifest,
    flags: readFlags(flags),
    mergeStrategy: text(template['mergeStrategy']) || 'strategic',
    chosenName: memory.name,
    choose: (name) => call.remember(JSON.stringify({ ...memory, name } satisfies Memory)),
    expected: memory.expected,
    expect: (expected) => call.remember(JSON.stringify({ ...memory, expected } satisfies Memory)),
    owned: (object) => (owns ? owned(object, owner) : object),
  }
}

/** A refusal as kubectl prints it. */
function kubectlText(error: unknown): string {
  if (error instanceof StatusError) return `Error from server (${error.reason}): ${error.message}`
  return error instanceof Error ? error.message : String(error)
}

async function waitFor(ref: Ref, { call, template }: Job, idle: Idle): Promise<void> {
  const success = text(template['successCondition'])
  const failure = text(template['failureCondition'])
  if (success === '' && failure === '') return
  const wanted = success === '' ? [] : readCondition('success', success)
  const feared = failure === '' ? [] : readCondition('fail', failure)
  const end = await watchObject(ref, call, (object) => {
    if (!object) {
      return `The resource has been deleted while its status was still being checked. Will not be retried: ${notFound(ref).message}`
    }
    const verdict = judge(asJson(object), wanted, feared)
    if (verdict === 'wait') return idle(ref.resource)
    return verdict === 'success' ? '' : verdict.failure
  })
  if (end !== '') throw new Error(end)
}

async function saveParameters(ref: Ref | undefined, { call, parameters }: Job): Promise<void> {
  const asking = parameters.filter(({ valueFrom }) => valueFrom !== undefined)
  if (asking.length === 0) return
  const object = ref && (await call.client.get<KubeObject>(ref, call.signal))
  if (ref && !object) throw new Error(kubectlText(notFound(ref)))
  for (const parameter of asking) {
    const value = object
      ? await valueIn(asJson(object), parameter, call.signal)
      : text(parameter.valueFrom?.default)
    // One newline at the end is not part of a parameter's value.
    if (value !== undefined) await call.write(parameterFile(parameter), `${value}\n`)
  }
}

async function valueIn(
  object: JsonObject,
  { valueFrom }: Parameter,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (valueFrom?.jsonPath) {
    const found = kubeJsonPath(valueFrom.jsonPath, object)
    if ('text' in found) return found.text
    throw new Error(`error: error executing jsonpath "${valueFrom.jsonPath}": ${found.error}`)
  }
  return valueFrom?.jqFilter ? jq(valueFrom.jqFilter, object, signal) : undefined
}

function text(value: Json | undefined): string {
  return value === undefined || value === null ? '' : String(value)
}
