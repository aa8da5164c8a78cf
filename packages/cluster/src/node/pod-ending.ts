import { rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Volume } from '@argosy/engine'
import { type Collected, collect, report } from '@argosy/executor'
import { ignore, resources } from '@argosy/kube'
import { type ContainerRecord, lost, neverLocated } from './container-record.ts'
import type { ContainerRef, PodLayout } from './layout.ts'
import { type Persisted, persist } from './persist.ts'
import type { PodContext } from './pod-context.ts'
import { sharesNetwork } from './pod-network.ts'
import type { PodRecord } from './pod-status.ts'
import { leftovers } from './recovery.ts'
import { isSidecar } from './restarts.ts'
import { isShortage } from './shortage.ts'
import type { StopReason } from './stopper.ts'
import type { World } from './world.ts'

/** Everything after the last container: outputs, the report, the final status, and the files go. */
export async function finish(context: PodContext): Promise<void> {
  const { world, stopper, reporter } = context
  await world.progress.leave(context)
  const mute = () => stopper.reason === 'gone' || stopper.reason === 'finished elsewhere'
  const hasOutputs = isReported(context) && !mute() && stopper.reason !== 'broken'
  const collected = hasOutputs ? await collectPatiently(context) : undefined
  await reporter.quiet()
  world.signal.throwIfAborted()
  context.state = finalRecord(context, stopper.reason)
  if (!mute() && !(await writeEnd(context, collected))) world.signal.throwIfAborted()
  // The end is durable: what follows is done even when the node is going away, or the files would stay until it is back.
  world.admission.release(context.pod.metadata.uid ?? '')
  if (context.pod.metadata.deletionTimestamp && stopper.reason !== 'gone') await removePod(context)
  const work = whenItCan(world, () => cleanUp(context))
  world.closing.add(work)
  await work.finally(() => world.closing.delete(work))
}

/** Most pods leave one container and nothing else: no need to look what there is. */
async function cleanUp(context: PodContext): Promise<void> {
  const { world, pod, ended, paths } = context
  if (pod.spec.shareProcessNamespace === true) await context.holder.end()
  const dirs = new Set([...ended.values()].map(({ dir }) => dir))
  for (const one of await leftOf(context)) dirs.add(paths.container(one.container, one.attempt))
  for (const dir of dirs) await world.runtime.remove(dir)
  if (sharesNetwork(pod)) await world.runtime.networks?.close(paths.root)
  await removeFiles(context)
  world.names.remove(pod.metadata.uid ?? '')
}

/** At once where they are few: the threads take longer to be asked than a token and its neighbours to go. */
async function removeFiles({ hasFiles, staged, pod, paths }: PodContext): Promise<void> {
  if (!hasFiles) return
  const options = { recursive: true, force: true }
  if (staged || (pod.spec.volumes ?? []).some(isOfAnySize)) await rm(paths.root, options)
  else rmSync(paths.root, options)
}

/** An emptyDir may hold whatever a program has written. */
function isOfAnySize({ projected, configMap, secret, downwardAPI }: Volume): boolean {
  return !(projected || configMap || secret || downwardAPI)
}

/** What an earlier node has started, and what could not be started: nobody has heard of that. */
async function leftOf({ left, stopper, world, pod }: PodContext): Promise<readonly ContainerRef[]> {
  if (stopper.reason !== 'broken') return left?.containers ?? []
  return (await leftovers(world.dataDir)).get(pod.metadata.uid ?? '')?.containers ?? []
}

/** Whoever sees the pod's end finds the step's report, whenever this process ends. False: not durable. */
async function writeEnd(context: PodContext, collected: Collected | undefined): Promise<boolean> {
  const { reporter, world } = context
  if (!world.client.commitsTurns) {
    if ((await sendReport(context, collected)) === 'left') return false
    return (await reporter.now()) !== 'left'
  }
  // Both leave in one turn, in this order.
  const outcomes = await Promise.all([sendReport(context, collected), reporter.now()])
  return !outcomes.includes('left')
}

async function sendReport(
  context: PodContext,
  collected: Collected | undefined,
): Promise<Persisted | undefined> {
  const { world, pod, plan, progress } = context
  if (!plan || !isReported(context)) return undefined
  const message = stepError(context, collected)
  const verdict = collected?.verdict
  return persist(world, () =>
    report(world.client, pod, {
      nodeId: plan.nodeId,
      isOver: true,
      ...(collected && { outputs: collected.outputs }),
      ...(progress !== undefined && { progress }),
      ...(verdict?.phase && { phase: verdict.phase }),
      ...(verdict?.message && { message: verdict.message }),
      ...(message !== undefined && { phase: 'Error', message }),
    }),
  )
}

/** What goes wrong with the outputs of a program that failed by itself is not what the user has to be told. */
function stepError(context: PodContext, collected: Collected | undefined): string | undefined {
  const { state, mains, stopper } = context
  if (state.stageError !== undefined) return state.stageError
  const good = mains.every((name) => context.record(name).state.terminated?.exitCode === 0)
  if (!good || stopper.isStopped || collected?.error === undefined) return undefined
  // argo: it is the wait container that saves outputs, and ends so when it cannot.
  return `wait: Error (exit code 64): ${collected.error}`
}

/** Nobody waits for the end of a copy. */
function isReported({ plan }: PodContext): boolean {
  return plan !== undefined && plan.isCopy !== true
}

function mountsOf({ pod }: PodContext): readonly string[] {
  const main = pod.spec.containers.find(({ name }) => name === 'main')
  return main?.volumeMounts?.map(({ mountPath }) => mountPath) ?? []
}

const retryMs = 10_000

/** What the machine has no room or descriptors for now is collected when it has: the step has done its part. */
async function collectPatiently(context: PodContext): Promise<Collected | undefined> {
  const { world, pod, stopper } = context
  for (;;) {
    try {
      return await collectOutputs(context)
    } catch (error) {
      if (!isShortage(error)) throw error
      if (stopper.isStopped) return undefined
      const message = `outputs cannot be kept now, which is tried again: ${error.message}`
      const why = { type: 'Warning' as const, reason: 'FailedOutputs', message }
      world.events.emitOnce(`${pod.metadata.uid}/outputs`, pod, why)
      await context.pause(retryMs)
    }
  }
}

/** Until the machine has what it takes, or the node goes away. */
async function whenItCan({ signal, clock }: World, work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await work()
      return
    } catch (error) {
      if (!isShortage(error) || signal.aborted) throw error
      await clock.until(clock.now() + retryMs, signal)
    }
  }
}

async function collectOutputs(context: PodContext): Promise<Collected | undefined> {
  const { plan, world, paths, stopper } = context
  const main = context.ended.get('main')
  // A container set without one has nothing but its logs to give.
  const needless = plan?.template.containerSet !== undefined && !context.mains.includes('main')
  if (!plan || (!main && !needless)) return undefined
  return collect(plan, {
    resolve: async (path) => main?.running.resolve(path),
    mounts: mountsOf(context),
    stdout: main?.stdout ?? '',
    logs: logsOf(context),
    drivers: world.drivers(context.pod.metadata.namespace ?? 'default'),
    signal: world.signal,
    isPassing: isShortage,
    // All containers have ended; what is not the pod's own (a hostPath, the machine's files) lives on.
    isSettled: (path) => !stopper.runs && isOwn(path, paths),
  })
}

/** What goes with the pod: its volumes, and what its containers wrote. */
function isOwn(path: string, { root, containers }: PodLayout): boolean {
  return path.startsWith(`${root}/`) || path.startsWith(containers)
}

/** The logs of the step's own containers that ran, in the order of the pod. */
function logsOf({ ended, mains }: PodContext) {
  return mains.flatMap((name) => {
    const run = ended.get(name)
    return run ? [{ container: name, files: [...new Set([run.stdout, run.stderr])] }] : []
  })
}

function finalRecord({ state }: PodContext, reason: StopReason | undefined): PodRecord {
  const once = state.inits.filter(({ spec }) => !isSidecar(spec))
  const initialized = once.every((one) => one.state.terminated?.exitCode === 0)
  // kubelet: of a pod whose init container failed the others stay as they are, waiting.
  const close = (one: ContainerRecord) => (initialized || reason ? closed(one) : one)
  return {
    ...state,
    inits: state.inits.map(close),
    containers: state.containers.map(close),
    ephemerals: state.ephemerals.map(closed),
    over: true,
    ...(reason === 'deadline' && { failure: deadlineExceeded }),
    ...(reason === 'step deadline' && { message: 'Step exceeded its deadline' }),
  }
}

/** In a pod that is over no container waits. */
function closed(one: ContainerRecord): ContainerRecord {
  if (one.state.terminated) return one
  return { ...one, state: one.lastState?.terminated ? one.lastState : lost(neverLocated) }
}

const deadlineExceeded = {
  reason: 'DeadlineExceeded',
  message: 'Pod was active on the node longer than the specified deadline',
}

async function removePod({ world, pod }: PodContext): Promise<void> {
  const { namespace = 'default', name = '', uid } = pod.metadata
  await world.client
    .remove(
      { resource: resources.pods, namespace, name },
      { gracePeriodSeconds: 0, ...(uid !== undefined && { uid }) },
    )
    .catch(ignore('NotFound', 'Conflict'))
}
