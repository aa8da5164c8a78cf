import type { Container, Pod } from '@argosy/engine'
import { BackOff } from './back-off.ts'
import { buildBuiltIn, isBuiltIn } from './built-in-spec.ts'
import { hasConsole, lostConsole, startWithConsole } from './console-start.ts'
import {
  type ContainerRecord,
  lost,
  lostWhileRunning,
  runningSince,
  terminated,
  waiting,
} from './container-record.ts'
import { buildContainer, type Ingredients } from './container-spec.ts'
import { hookFailure, hookOf } from './hook.ts'
import { buildImageContainer } from './image-container.ts'
import { Patience } from './patience.ts'
import { hasProbes } from './probe.ts'
import { atFirst, probeContainer } from './prober.ts'
import type { Recovered } from './recovery.ts'
import { Refusal, refusalOf } from './refusal.ts'
import { restarts } from './restarts.ts'
import type { Exit, Running } from './runtime.ts'
import type { Stopper } from './stopper.ts'
import { terminationMessage } from './termination-message.ts'
import { blamed, tooLong } from './too-long.ts'
import type { World } from './world.ts'

/** How the runner of one container sees its pod. */
export interface Surroundings {
  readonly stopper: Stopper
  readonly recovered: ReadonlyMap<string, Recovered>
  ingredients(container: Container): Ingredients
  /** Resolves when the pod is on the disk: what is not may never have been. */
  there(): Promise<void>
  record(name: string): ContainerRecord
  update(name: string, change: Partial<ContainerRecord>): void
  /** Says why the container does not start; true when it never will, and has ended with that. */
  refused(container: Container, refusal: Refusal): boolean
  /** Waits; resolves early when the pod, or this container of it, has to stop, rejects when the node goes away. */
  pause(ms: number, name?: string): Promise<void>
}

/** How a container's last run ended. */
export interface Ended {
  readonly running: Running
  readonly dir: string
  readonly stdout: string
  /** The same file, unless standard output has one of its own. */
  readonly stderr: string
  /** Of its arguments and variables, if it cannot be started for that. */
  readonly tooLong?: string | undefined
}

/** One attempt that is over; a lost one has no run. */
export interface Turn {
  readonly run?: Ended
  readonly exit: Exit
}

/** Runs a container to its end, by its pod's restart policy. Undefined when nothing of it is left to look at. */
export async function runContainer(
  container: Container,
  init: boolean,
  around: Surroundings,
): Promise<Ended | undefined> {
  const policy = around.ingredients(container).pod.spec.restartPolicy ?? 'Always'
  const backOff = new BackOff()
  let attempt = around.recovered.get(container.name)?.attempt ?? 0
  let turn = await firstTurn(container, around)
  while (turn && isWanted(container, around) && restarts(container, turn.exit, { policy, init })) {
    await rest(container, turn.run, backOff, around)
    if (!isWanted(container, around)) break
    attempt += 1
    const next = await freshTurn(container, attempt, around)
    if (!next) break
    turn = next
  }
  return turn?.run
}

/** The container's first attempt, or the one that an earlier node has started. */
export async function firstTurn(
  container: Container,
  around: Surroundings,
): Promise<Turn | undefined> {
  const recovered = around.recovered.get(container.name)
  if (!recovered) return freshTurn(container, 0, around)
  const { attempt, dir, running } = recovered
  if (!running || (await shortageOf(running)) === undefined)
    return resume(container, recovered, around)
  await around.ingredients(container).world.runtime.remove(dir)
  return freshTurn(container, attempt, around)
}

export async function freshTurn(
  container: Container,
  attempt: number,
  around: Surroundings,
): Promise<Turn | undefined> {
  const run = await start(container, attempt, around)
  return run && { run, exit: await finish(container, run, around) }
}

function isWanted({ name }: Container, { stopper }: Surroundings): boolean {
  return !stopper.isUnwanted(name)
}

/** Goes on with what an earlier node started. */
async function resume(
  container: Container,
  { attempt, dir, running: found }: Recovered,
  around: Surroundings,
): Promise<Turn> {
  const running = found && hasConsole(container) ? await lostConsole(found, dir) : found
  const { paths, split } = around.ingredients(container)
  const facts = { restartCount: attempt, id: idOf(dir) }
  if (!running) {
    around.update(container.name, { ...facts, state: lost(lostWhileRunning) })
    return { exit: { code: 137, finishedAt: 0 } }
  }
  around.update(container.name, {
    ...facts,
    ...atFirst(container),
    state: runningSince(running.startedAt),
  })
  if (running.address !== undefined) around.ingredients(container).tellAddress(running.address)
  const isNew = !wasRunning(container, around)
  await takeIn(container, { running, dir, isNew }, around)
  const files = paths.log(container.name, attempt, split)
  const run: Ended = { running, dir, ...files }
  return { run, exit: await finish(container, run, around) }
}

/** Undefined when the pod has to stop before the container could be created. */
async function start(
  container: Container,
  attempt: number,
  around: Surroundings,
): Promise<Ended | undefined> {
  const patience = new Patience(container, around)
  while (isWanted(container, around)) {
    try {
      return await launch(container, attempt, around)
    } catch (error) {
      const refusal = refusalOf(error)
      if (!refusal) throw error
      if (around.refused(container, refusal)) return undefined
      await patience.rest(refusal)
    }
  }
  return undefined
}

async function launch(
  container: Container,
  attempt: number,
  around: Surroundings,
): Promise<Ended | undefined> {
  const from = around.ingredients(container)
  const { world, paths } = from
  const build = builderOf(container, world)
  const { spec } = await build(container, attempt, from)
  await around.there()
  world.signal.throwIfAborted()
  if (!isWanted(container, around)) return undefined
  // From here on the container counts as started, whatever becomes of this process: the launcher makes its directory.
  const running = await (hasConsole(container)
    ? startWithConsole(container, spec, world)
    : world.runtime.start(spec))
  world.signal.throwIfAborted()
  const shortage = await shortageOf(running)
  if (shortage !== undefined) {
    await world.runtime.remove(spec.dir)
    throw new Refusal('CreateContainerError', shortage)
  }
  if (running.address !== undefined) from.tellAddress(running.address)
  await takeIn(container, { running, dir: spec.dir, isNew: true }, around)
  around.update(container.name, {
    restartCount: attempt,
    id: idOf(spec.dir),
    ...atFirst(container),
    state: runningSince(running.startedAt),
  })
  if (attempt > 0) void world.runtime.remove(paths.container(container.name, attempt - 1))
  return {
    running,
    dir: spec.dir,
    stdout: spec.stdout,
    stderr: spec.stderr,
    tooLong: tooLong(spec),
  }
}

/** What the machine lacked for a program that never ran for that. */
async function shortageOf({ pid, exited }: Running): Promise<string | undefined> {
  if (pid !== 0) return undefined
  const { shortage, startError } = await exited
  return shortage ? startError : undefined
}

function builderOf(container: Container, { runtime }: World) {
  if (isBuiltIn(container)) return buildBuiltIn
  return runtime.images ? buildImageContainer : buildContainer
}

interface Begun extends Pick<Ended, 'running' | 'dir'> {
  readonly isNew: boolean
}

/** From now on the container can be ended. One that has just started is told so; it counts as running afterwards. */
async function takeIn(
  container: Container,
  { running, dir, isNew }: Begun,
  around: Surroundings,
): Promise<void> {
  if (container['lifecycle'] === undefined) {
    around.stopper.add(container.name, running)
    return
  }
  const { world, pod, host } = around.ingredients(container)
  const probed = { runtime: world.runtime, dir, address: host.podIP ?? host.hostIP }
  const surroundings = { clock: world.clock, probed }
  around.stopper.add(container.name, running, hookOf(container, 'preStop', surroundings))
  const hook = isNew ? hookOf(container, 'postStart', surroundings) : undefined
  if (!hook) return
  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, world.signal])
  try {
    await Promise.race([hook.run(signal), running.exited])
  } catch (error) {
    world.signal.throwIfAborted()
    world.events.emit(pod, hookFailure('PostStart', container.name, error))
    around.stopper.replace(container.name, graceOf(pod))
  } finally {
    over.abort()
  }
}

/** An earlier node has told the API so: by then its hook had been run. */
function wasRunning({ name }: Container, around: Surroundings): boolean {
  const { pod } = around.ingredients({ name })
  const all = [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ]
  return all.some((one) => one.name === name && one.state?.running !== undefined)
}

function graceOf({ spec }: Pod): number {
  return (spec.terminationGracePeriodSeconds ?? 30) * 1000
}

async function finish(container: Container, run: Ended, around: Surroundings): Promise<Exit> {
  const { running, dir, stdout, stderr } = run
  const { world } = around.ingredients(container)
  const unprobe = probe(container, run, around)
  const exit = blamed(await running.exited, run.tooLong)
  unprobe()
  world.signal.throwIfAborted()
  around.stopper.remove(container.name)
  const message = await terminationMessage(container, exit, {
    dir,
    logs: [stdout, stderr],
    running,
  })
  world.signal.throwIfAborted()
  around.update(container.name, { state: terminated(exit, running.startedAt, message) })
  return exit
}

/** Asks the container how it is until it ends; gives back what stops that. */
function probe(container: Container, { running, dir }: Ended, around: Surroundings): () => void {
  const { world, pod, host } = around.ingredients(container)
  if (!hasProbes(container)) return () => undefined
  const over = new AbortController()
  void probeContainer({
    container,
    pod,
    probed: { runtime: world.runtime, dir, address: host.podIP ?? host.hostIP },
    startedAt: running.startedAt,
    clock: world.clock,
    events: world.events,
    signal: AbortSignal.any([world.signal, over.signal]),
    tell: (told) => around.update(container.name, told),
    kill: (own) => around.stopper.replace(container.name, own ?? graceOf(pod)),
  })
  return () => over.abort()
}

async function rest(
  container: Container,
  run: Ended | undefined,
  backOff: BackOff,
  around: Surroundings,
): Promise<void> {
  const { world, pod } = around.ingredients(container)
  const { state } = around.record(container.name)
  const ran = run ? world.clock.now() - run.running.startedAt : 0
  const wait = backOff.after(ran)
  if (wait === 0) return around.update(container.name, { lastState: state })
  const { name, namespace, uid } = pod.metadata
  const message =
    `back-off ${duration(wait)} restarting failed container=${container.name} ` +
    `pod=${name}_${namespace}(${uid})`
  around.update(container.name, { lastState: state, state: waiting('CrashLoopBackOff', message) })
  await around.pause(wait, container.name)
}

/** Go's: 10s, 20s, 1m20s, 5m0s. */
function duration(ms: number): string {
  const seconds = ms / 1000
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`
}

/** `<uid>.<container>.<attempt>`: unique, and where to look on disk. */
function idOf(dir: string): string {
  return dir.slice(dir.lastIndexOf('/') + 1)
}
