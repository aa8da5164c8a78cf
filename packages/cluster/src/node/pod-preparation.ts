import { StepError } from '@argosy/executor'
import { isBuiltIn } from './built-in-spec.ts'
import { type ContainerRecord, waiting } from './container-record.ts'
import { placeInVolume, volumeMounts } from './mounts.ts'
import { isStep } from './names/service-names.ts'
import type { PodContext } from './pod-context.ts'
import { holderName } from './process-holder.ts'
import { type Leftover, recover, recoverFromStatus } from './recovery.ts'
import { Refusal, refusalOf } from './refusal.ts'
import { needsStaging, stageOnce } from './step.ts'
import { unsupportedFields } from './supported-fields.ts'
import { makeVolumes } from './volumes.ts'

const retryMs = 10_000

/** Everything before the first container; false when the pod cannot go on. Safe to repeat after a crash. */
export async function prepare(context: PodContext): Promise<boolean> {
  const { left, stopper } = context
  if (!isPlain(context)) await context.there()
  if (left) await goOn(context, left)
  while (!stopper.isStopped) {
    const ready = await attempt(context, left !== undefined)
    if (ready !== 'again') return ready
  }
  return false
}

/** Nothing has to be made for it outside this process. */
function isPlain({ pod, plan }: PodContext): boolean {
  const { volumes = [], initContainers = [], shareProcessNamespace } = pod.spec
  const isBare = volumes.length === 0 && initContainers.length === 0 && !shareProcessNamespace
  return isStep(pod) && isBare && (!plan || !needsStaging(plan))
}

async function attempt(context: PodContext, again: boolean): Promise<boolean | 'again'> {
  const { world, state } = context
  try {
    await makeSurroundings(context, again)
    return true
  } catch (error) {
    world.signal.throwIfAborted()
    const refusal = refusalOf(error)
    if (!refusal && error instanceof StepError) return failStep(context, error.message)
    if (!refusal) throw error
    const all = [...state.inits, ...state.containers].map(({ spec }) => spec)
    if (all.map((spec) => context.refused(spec, refusal)).includes(true)) return false
    await context.pause(refusal.retry ? retryMs : Number.POSITIVE_INFINITY)
    return 'again'
  }
}

async function goOn(context: PodContext, left: Leftover): Promise<void> {
  const { world, paths, pod } = context
  const containers = left.containers.filter(({ container }) => container !== holderName)
  const found = await recover(world.runtime, { containers }, paths.container)
  world.signal.throwIfAborted()
  world.names.adopt(pod, paths.hosts)
  context.recovered = new Map([...recoverFromStatus(pod, paths.container), ...found])
}

async function makeSurroundings(context: PodContext, again: boolean): Promise<void> {
  const { pod, paths, world } = context
  const fields = unsupportedFields(pod, world.runtime)
  if (fields.length > 0) {
    throw new Refusal(
      'CreateContainerConfigError',
      `this node does not support ${fields.join(', ')}`,
      false,
    )
  }
  if (pod.spec.volumes?.length) {
    await context.makeRoot()
    const { references } = context
    const namespace = pod.metadata.namespace ?? 'default'
    context.volumes = await makeVolumes(pod, {
      dir: paths.volumes,
      references,
      host: context.host,
      api: world.api,
      claim: (name) => world.claims.pathOf(namespace, name),
    })
  }
  if (context.plan) await stageInputs(context, again)
}

async function stageInputs(context: PodContext, again: boolean): Promise<void> {
  const { plan, pod, paths, volumes, world, stopper } = context
  if (!plan || !needsStaging(plan)) return
  await context.makeRoot()
  const main = pod.spec.containers.find(({ name }) => name === 'main')
  const mounts = main ? volumeMounts(main, volumes, {}) : []
  const surroundings = {
    drivers: world.drivers(pod.metadata.namespace ?? 'default'),
    signal: AbortSignal.any([world.signal, stopper.signal]),
    layers: world.runtime.layers === true && main !== undefined && !isBuiltIn(main),
    inVolume: (path: string) => placeInVolume(mounts, path),
  }
  context.staged = await stageOnce(plan, paths, surroundings, again)
}

/** Upstream's `init` container would have ended with 64 and these words: whoever reads the pod looks for it. */
function failStep(context: PodContext, message: string): false {
  if (context.stopper.isStopped) return false
  const init: ContainerRecord = {
    spec: { name: 'init' },
    state: { terminated: { exitCode: 64, reason: 'Error', message } },
    restartCount: 0,
  }
  const { inits, containers } = context.state
  const waits = containers.map((one) => ({ ...one, state: waiting('PodInitializing') }))
  context.state = {
    ...context.state,
    inits: [init, ...inits],
    containers: waits,
    stageError: message,
  }
  return false
}
