import type {
  advance,
  Change,
  Decision,
  KubeObject,
  load,
  Pod,
  Run,
  Workflow,
  WorkflowPhase,
  WorkflowTaskResult,
  World,
} from '@argosy/engine'
import { ignore, type Ref, resources, StatusError, type WatchEvent } from '@argosy/kube'
import { act } from './act.ts'
import { Admission } from './admission.ts'
import { baselineOf } from './baseline.ts'
import { CacheKeeper } from './cache-keeper.ts'
import { type ControllerConfig, controllerConfigName } from './controller-config.ts'
import { controllerNamespace } from './controller-namespace.ts'
import { EngineFault, failWorkflow } from './fault.ts'
import type { Surroundings } from './follow.ts'
import { type Inventory, takeInventory } from './inventory.ts'
import { isNewer, LetterBoxes } from './letters.ts'
import { LiveRuns } from './live-runs.ts'
import { type Door, LockKeeper } from './lock-keeper.ts'
import { Turns } from './turns.ts'
import { emitPhase, phaseIn } from './workflow-events.ts'
import type { Missed, WorldCache } from './world-cache.ts'

/** What decides; the operator only reads and acts. */
export interface Engine {
  readonly load: typeof load
  readonly advance: typeof advance
}

interface Live {
  readonly run: Run
  readonly uid: string | undefined
  readonly missed: Missed
  readonly door: Door
  readonly inventory: Pick<Inventory, 'podsAt' | 'resultsAt'>
  /** Nothing of it has been written since it was loaded. */
  fresh: boolean
  /** The version that `run` stands on. */
  version: string
  /** The last phase that was persisted. */
  phase: WorkflowPhase
}

const workflowLabel = 'workflows.argoproj.io/workflow'
const completedLabel = 'workflows.argoproj.io/completed'

/**
 * Every unfinished Workflow as a run in memory.
 *
 * 1. Between passes a run is what is persisted: a pass whose writes failed drops the run, the next one loads it again.
 * 2. What the run writes comes back through the watch and is known by its version; the object is not looked at.
 * 3. A pass sees everything that was heard before it began, each letter once.
 * 4. A run that rests is not in memory; whatever is heard of it loads it again.
 */
export class WorkflowRuns {
  readonly #engine: Engine
  readonly #world: WorldCache
  readonly #around: Surroundings
  readonly #signal: AbortSignal
  readonly #turns: Turns
  readonly #boxes = new LetterBoxes()
  readonly #locks: LockKeeper
  readonly #caches: CacheKeeper
  readonly #admission: Admission
  readonly #find: World['configMap']
  readonly #live: LiveRuns<Live>
  /** Inventories read for all workflows at once, at the start. */
  readonly #stock = new Map<string, Inventory>()
  readonly #telling = new Set<Promise<void>>()

  constructor(
    engine: Engine,
    world: WorldCache,
    around: Surroundings & { readonly limits: ControllerConfig },
    signal: AbortSignal,
  ) {
    this.#engine = engine
    this.#world = world
    this.#around = around
    this.#signal = signal
    const find: World['configMap'] = (name, namespace) =>
      world.seenFrom(namespace, new Map()).configMap(name, namespace)
    this.#find = find
    const reread = (ref: Ref) => world.fetchMissed(new Map([['', ref]]), signal)
    this.#caches = new CacheKeeper({ ...around, reread })
    this.#locks = new LockKeeper(find, (key, change) => this.#post(key, change))
    const { limits: defaults, log } = around
    this.#admission = new Admission({ defaults, log, wake: (key) => this.#turns.add(key) })
    this.#live = new LiveRuns({ clock: around.clock, weightOf, mayRest })
    const meter = around.meters?.of('workflow_queue')
    this.#turns = new Turns((key) => this.#pass(key), {
      clock: around.clock,
      ...(meter && { meter }),
      failed: (key, error) => around.log(`workflow ${key}: ${String(error)}; trying again`),
    })
  }

  /** The limit that a namespace's label sets, or none. */
  limitNamespace(namespace: string, label: string | undefined): void {
    this.#admission.limitNamespace(namespace, label)
  }

  /** Takes up these workflows; `inventory` spares each its own two lists. */
  begin(keys: readonly string[], inventory?: ReadonlyMap<string, Inventory>): void {
    for (const key of keys) {
      const stock = inventory?.get(key)
      if (stock) this.#stock.set(key, stock)
      this.#live.delete(key)
      this.#boxes.open(key)
      this.#turns.add(key)
    }
  }

  /** What these say that they hold is held, before the first of them asks for anything. */
  adopt(workflows: readonly Workflow[]): void {
    for (const workflow of workflows) {
      this.#admission.adopt(workflow)
      if (workflow.status?.synchronization) this.#locks.adopt(workflow)
    }
  }

  /** Something was missed: every run is loaded again. */
  reload(): void {
    this.begin([...this.#boxes.keys()])
  }

  /** A template or ConfigMap has changed. */
  hearWorld(): void {
    this.#locks.refresh()
    this.#admission.configure(this.#find(controllerConfigName, controllerNamespace)?.data)
    for (const key of this.#live.keys()) this.#post(key, { kind: 'world' })
  }

  #post(key: string, change: Change): void {
    if (this.#boxes.drop(key, { change, version: '' })) this.#turns.add(key)
  }

  hearWorkflow(event: WatchEvent<Workflow>): void {
    const key = `${event.namespace}/${event.name}`
    if (event.type === 'BOOKMARK') return
    // Gone, or ended: the watch is for unfinished ones.
    if (event.type === 'DELETED') {
      this.#forget(key)
      return
    }
    const known = this.#live.get(key)?.version
    if (known !== undefined && !isNewer(event.resourceVersion, known)) return
    this.#boxes.open(key)
    this.#boxes.version(key, event.resourceVersion)
    this.#turns.add(key)
  }

  hearPod(event: WatchEvent<Pod>): void {
    if (event.type !== 'DELETED' && saysNothing(event.object)) return
    const change: Change =
      event.type === 'DELETED'
        ? { kind: 'podGone', name: event.name }
        : { kind: 'pod', pod: event.object }
    this.#hear(event, change)
  }

  hearResult(event: WatchEvent<WorkflowTaskResult>): void {
    if (event.type !== 'DELETED') this.#hear(event, { kind: 'result', result: event.object })
  }

  /** Ends the passes under way; nothing is written afterwards. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#live[Symbol.dispose]()
    await this.#turns[Symbol.asyncDispose]()
    await Promise.all(this.#telling)
    await this.#caches[Symbol.asyncDispose]()
  }

  #hear(event: WatchEvent<KubeObject>, change: Change): void {
    if (event.type === 'BOOKMARK') return
    const name = event.object.metadata.labels?.[workflowLabel]
    const key = `${event.namespace}/${name}`
    if (this.#boxes.drop(key, { change, version: event.resourceVersion })) this.#turns.add(key)
  }

  async #pass(key: string): Promise<number | undefined> {
    try {
      const wakeAt = await this.#readDecideAct(key)
      this.#live.used(key)
      return wakeAt
    } catch (error) {
      this.#live.delete(key)
      if (error instanceof StatusError && error.reason === 'Conflict') {
        this.#turns.add(key)
        return undefined
      }
      if (!(error instanceof EngineFault)) throw error
      await this.#fail(key, error)
      return undefined
    }
  }

  async #readDecideAct(key: string): Promise<number | undefined> {
    const known = this.#live.get(key)
    const letters = this.#boxes.take(key)
    const live = known ?? (await this.#load(key))
    if (!live) return undefined
    const changes = letters.changes.filter((letter) => isNews(letter, live)).map(toChange)
    if (known && letters.version !== undefined && isNewer(letters.version, known.version)) {
      const workflow = await this.#reread(key, known)
      if (!workflow) return undefined
      changes.push({ kind: 'workflow', workflow })
    }
    const decision = guarded(() =>
      this.#engine.advance(live.run, changes, this.#around.clock.now()),
    )
    if (await this.#world.fetchMissed(live.missed, this.#signal)) {
      // Decided without something that was there after all; nothing of it has been acted on.
      this.begin([key])
      return undefined
    }
    return this.#act(key, live, decision)
  }

  async #act(key: string, live: Live, decision: Decision): Promise<number | undefined> {
    const ref = refOf(key)
    if (decision.remember !== undefined) this.#caches.save(decision.remember)
    const acted = await act(this.#around.client, ref, live.version, decision).catch(
      ignore('NotFound'),
    )
    if (!acted) {
      this.#forget(key)
      return undefined
    }
    if (acted.unmade) {
      // The run is ahead of what is persisted: the next one hears of it first.
      this.begin([key])
      this.#boxes.drop(key, { change: { kind: 'unmade', ...acted.unmade }, version: '' })
      return undefined
    }
    live.version = acted.resourceVersion ?? live.version
    this.#locks.settle(key, decision, this.#firstOf(live))
    this.#tell(ref, live, decision)
    if (decision.metrics) this.#around.metrics?.(decision.metrics)
    if (decision.done) {
      this.#forget(key)
      return undefined
    }
    for (const pod of acted.refused) {
      this.#boxes.drop(key, { change: { kind: 'pod', pod }, version: '' })
      this.#turns.add(key)
    }
    return decision.wakeAt
  }

  /** The door of a run that has just been written for the first time since it was loaded. */
  #firstOf(live: Live): Door | undefined {
    // What is suspended has not asked yet.
    if (!live.fresh || live.run.workflow.spec.suspend === true) return undefined
    live.fresh = false
    return live.door
  }

  async #load(key: string): Promise<Live | undefined> {
    const stock = this.#stock.get(key)
    this.#stock.delete(key)
    const workflow = await this.#around.client.get<Workflow>(refOf(key), this.#signal)
    if (!workflow || isCompleted(workflow)) {
      this.#forget(key)
      return undefined
    }
    if (!this.#admission.admit(key, workflow)) {
      await this.#admission.postpone(this.#around.client, refOf(key), workflow)
      return undefined
    }
    const inventory = stock ?? (await takeInventory(this.#around.client, workflow, this.#signal))
    const missed: Missed = new Map()
    const door = this.#locks.door()
    const seen = this.#world.seenFrom(workflow.metadata.namespace ?? '', missed)
    const cache = (name: string) => this.#caches.get(name, seen.configMap)
    const baseline = await baselineOf(workflow, this.#around.client, this.#signal)
    const world = { ...seen, locks: door, cache, ...(baseline !== undefined && { baseline }) }
    this.adopt([workflow])
    const { pods, results } = inventory
    const run = guarded(() => this.#engine.load({ workflow, pods, results, world }))
    const { uid, resourceVersion: version = '' } = workflow.metadata
    const phase = workflow.status?.phase ?? ''
    // Not the inventory itself: its pods are not ours to keep.
    const { podsAt, resultsAt } = inventory
    const seenAt = { podsAt, resultsAt }
    const live: Live = { run, uid, missed, door, inventory: seenAt, fresh: true, version, phase }
    this.#live.set(key, live)
    return live
  }

  /** Somebody else wrote it. Undefined when it is gone, over, or another object under the same name. */
  async #reread(key: string, live: Live): Promise<Workflow | undefined> {
    const workflow = await this.#around.client.get<Workflow>(refOf(key), this.#signal)
    if (!workflow || isCompleted(workflow)) {
      this.#forget(key)
      return undefined
    }
    if (workflow.metadata.uid !== live.uid) {
      this.begin([key])
      return undefined
    }
    live.version = workflow.metadata.resourceVersion ?? live.version
    return workflow
  }

  #forget(key: string): void {
    this.#live.delete(key)
    this.#boxes.close(key)
    this.#stock.delete(key)
    this.#turns.forget(key)
    this.#locks.leave(key)
    this.#admission.leave(key)
  }

  async #fail(key: string, fault: EngineFault): Promise<void> {
    const { client, clock, log } = this.#around
    const ref = refOf(key)
    const message = `internal error, please report it: ${fault.message}`
    log(`workflow ${key}: ${fault.cause instanceof Error ? fault.cause.stack : fault.message}`)
    await failWorkflow(client, ref, message, clock.now())
    this.#forget(key)
    this.#keep(
      emitPhase(client, ref, { phase: 'Error', uid: undefined, message, now: clock.now() }),
    )
  }

  #tell(ref: Ref, live: Live, { ops }: Decision): void {
    const phase = phaseIn(ops)
    if (!phase || phase === live.phase) return
    live.phase = phase
    const { client, clock } = this.#around
    const { uid } = live
    const message = live.run.workflow.status?.message
    this.#keep(emitPhase(client, ref, { phase, uid, message, now: clock.now() }))
  }

  /** Nobody waits for an Event, and a lost one harms nobody; but the end waits for those under way. */
  #keep(telling: Promise<void>): void {
    const told = telling
      .catch((error: unknown) => this.#around.log(`event not written: ${String(error)}`))
      .finally(() => this.#telling.delete(told))
    this.#telling.add(told)
  }
}

function isNews({ change, version }: { change: Change; version: string }, live: Live): boolean {
  if (version === '') return true
  const { podsAt, resultsAt } = live.inventory
  return isNewer(version, change.kind === 'result' ? resultsAt : podsAt)
}

/**
 * Half of what is heard of pods is our own writes coming back: one that was just made, and one that was released, which
 * happens after its end was taken in. A run that did not live through them reads them from its inventory.
 */
function saysNothing({ metadata, status }: Pod): boolean {
  const { phase = 'Pending', conditions, containerStatuses } = status ?? {}
  if (metadata.deletionTimestamp !== undefined) return false
  const isOver = phase === 'Succeeded' || phase === 'Failed'
  if (isOver && metadata.labels?.[completedLabel] === 'true') return true
  return phase === 'Pending' && conditions === undefined && containerStatuses === undefined
}

/** A bare run is as dear as twenty nodes. */
function weightOf({ run }: Live): number {
  return 20 + run.size
}

/** What has asked for a lock stands in a line that only the run knows. */
function mayRest({ door }: Live): boolean {
  return door.asked.size === 0
}

const toChange = ({ change }: { readonly change: Change }): Change => change

function guarded<T>(decide: () => T): T {
  try {
    return decide()
  } catch (error) {
    throw new EngineFault(error)
  }
}

function isCompleted(workflow: Workflow): boolean {
  return workflow.metadata.labels?.[completedLabel] === 'true'
}

function refOf(key: string): Ref {
  const slash = key.indexOf('/')
  const resource = resources.workflows
  return { resource, namespace: key.slice(0, slash), name: key.slice(slash + 1) }
}
