import { mkdirSync } from 'node:fs'
import type { Container, Pod, StepPlan } from '@argosy/engine'
import type { Staged } from '@argosy/executor'
import { type ContainerRecord, terminated, waiting } from './container-record.ts'
import type { Ended, Surroundings } from './container-runner.ts'
import type { Ingredients } from './container-spec.ts'
import type { HostFacts } from './downward.ts'
import { hookFailure } from './hook.ts'
import type { PodLayout } from './layout.ts'
import { PodReporter } from './pod-reporter.ts'
import type { PodRecord } from './pod-status.ts'
import { ProcessHolder } from './process-holder.ts'
import type { Leftover, Recovered } from './recovery.ts'
import { type References, readReferences } from './references.ts'
import type { Refusal } from './refusal.ts'
import { mainNames, planOf } from './step.ts'
import { Stopper } from './stopper.ts'
import type { Volumes } from './volumes.ts'
import type { World } from './world.ts'

/** What came before a pod's worker. */
export interface Past {
  /** What an earlier node started of the pod. */
  readonly left?: Leftover | undefined
  /** It is on its way to the disk. */
  readonly foreseen?: boolean
}

/** What is known of one pod on this node while it is worked on. */
export class PodContext implements Surroundings {
  readonly world: World
  readonly paths: PodLayout
  readonly stopper: Stopper
  readonly reporter: PodReporter
  readonly plan: StepPlan | undefined
  /** The step's own containers; the others are its sidecars. None for a pod that is run plainly. */
  readonly mains: readonly string[]
  readonly ended = new Map<string, Ended>()
  pod: Pod
  state: PodRecord
  recovered: ReadonlyMap<string, Recovered> = new Map()
  volumes: Volumes = new Map()
  staged: readonly Staged[] = []
  /** What the step has said of its progress. */
  progress: string | undefined
  readonly left: Leftover | undefined
  readonly holder: ProcessHolder
  #address: string | undefined
  #hasFiles = false
  /** Set while the pod may still never have been. */
  #arrival: Promise<void> | undefined
  #arrive: (() => void) | undefined
  readonly #looking = new Set<() => void>()

  constructor(pod: Pod, world: World, { left, foreseen }: Past) {
    this.left = left
    if (foreseen) {
      this.#arrival = new Promise((resolve) => {
        this.#arrive = resolve
      })
    }
    this.#hasFiles = left !== undefined
    this.pod = pod
    this.world = world
    this.paths = world.layout.pod(pod)
    this.holder = new ProcessHolder(world, this.paths)
    this.stopper = new Stopper(world.clock, world.signal, (container, error) =>
      world.events.emit(this.pod, hookFailure('PreStop', container, error)),
    )
    this.plan = planOf(pod)
    this.mains = mainNames(pod, this.plan)
    this.state = firstRecord(pod, world.clock.now())
    this.reporter = new PodReporter(this)
    this.#address = world.runtime.networks
      ? pod.status?.podIP
      : world.addresses.take(pod.metadata.uid ?? '', pod.status?.podIP)
  }

  /** The pod is on the disk, or has to end. */
  arrive(): void {
    this.#arrive?.()
    this.#arrival = undefined
  }

  /** Waited for before anything is done that others than this process could see. */
  async there(): Promise<void> {
    await this.#arrival
  }

  /** Whether there may be something below `paths.root`. */
  get hasFiles(): boolean {
    return this.#hasFiles
  }

  /** Called before something is put there. */
  async makeRoot(): Promise<void> {
    await this.there()
    this.#hasFiles = true
    mkdirSync(this.paths.root, { recursive: true })
  }

  /** The machine as the pod sees it: with an address of the pod's own, unless it wants the machine's or has none yet. */
  get host(): HostFacts {
    const { host } = this.world
    if (this.pod.spec.hostNetwork === true) return { ...host, podIP: host.hostIP }
    return this.#address === undefined ? host : { ...host, podIP: this.#address }
  }

  tellAddress(address: string): void {
    if (address === this.#address) return
    this.#address = address
    this.reporter.later()
  }

  /** Fresh for each container: a retry must see what was created meanwhile. */
  get references(): References {
    return readReferences(this.world.client, this.pod.metadata.namespace ?? 'default')
  }

  get graceMs(): number {
    return (this.pod.spec.terminationGracePeriodSeconds ?? 30) * 1000
  }

  ingredients({ name }: Container): Ingredients {
    // argo: of a container set only `main` has inputs and outputs.
    const isMain = name === 'main' && this.mains.includes(name)
    return {
      world: this.world,
      host: this.host,
      pod: this.pod,
      plan: this.plan,
      paths: this.paths,
      volumes: this.volumes,
      references: this.references,
      staged: isMain ? this.staged : [],
      split: isMain && this.plan?.includeResult === true,
      makeRoot: () => this.makeRoot(),
      shareProcesses: () => this.#shareProcesses(),
      tellAddress: (address) => this.tellAddress(address),
    }
  }

  /** Plain processes see each other anyway; an engine has one that waits in the pod's network. */
  async #shareProcesses() {
    const { runtime } = this.world
    if (runtime.name === 'process') return {}
    const dir = runtime.networks ? this.paths.root : await this.holder.open()
    return { processesOf: dir }
  }

  record(name: string): ContainerRecord {
    const { inits, containers, ephemerals } = this.state
    const found = [...inits, ...containers, ...ephemerals].find(({ spec }) => spec.name === name)
    if (found) return found
    throw new Error(`pod ${this.pod.metadata.name} has no container ${name}`)
  }

  /** A container that was put into the pod after it began. */
  addEphemeral(spec: Container): void {
    const { ephemerals } = this.state
    if (ephemerals.some((one) => one.spec.name === spec.name)) return
    const added = { spec, state: waiting('ContainerCreating'), restartCount: 0 }
    this.state = { ...this.state, ephemerals: [...ephemerals, added] }
    this.reporter.later()
  }

  update(name: string, change: Partial<ContainerRecord>): void {
    const apply = (one: ContainerRecord) => (one.spec.name === name ? { ...one, ...change } : one)
    const { inits, containers, ephemerals } = this.state
    this.state = {
      ...this.state,
      inits: inits.map(apply),
      containers: containers.map(apply),
      ephemerals: ephemerals.map(apply),
    }
    for (const look of this.#looking) look()
    if (change.state?.running) this.world.admission.launched(this.pod.metadata.uid ?? '')
    this.reporter.later()
  }

  /**
   * The kubelet lets such a container wait for ever. A pod that is run once would only keep others waiting for it, so its
   * container ends when nothing but a new pod can help.
   */
  refused({ name }: Container, { reason, message, retry }: Refusal): boolean {
    const hopeless = !retry && this.pod.spec.restartPolicy === 'Never'
    const now = this.world.clock.now()
    const end = { code: 128, finishedAt: now, startError: message }
    this.update(name, {
      state: hopeless ? terminated(end, now, undefined) : waiting(reason, message),
    })
    // A pod that waits for its volumes or its image must not hold up the others' starts.
    this.world.admission.launched(this.pod.metadata.uid ?? '')
    this.world.events.emitOnce(`${this.pod.metadata.uid}/${name}/${message}`, this.pod, {
      type: 'Warning',
      reason: reason === 'ContainerCreating' ? 'FailedMount' : 'Failed',
      message: reason === 'ContainerCreating' ? message : `Error: ${message}`,
    })
    return hopeless
  }

  /** Resolves when that is true of the pod's containers, or the pod has to stop. */
  until(check: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!check() && !this.stopper.isStopped) return
        this.#looking.delete(look)
        resolve()
      }
      this.#looking.add(look)
      this.stopper.signal.addEventListener('abort', look, { once: true })
      look()
    })
  }

  async pause(ms: number, name?: string): Promise<void> {
    const { clock, signal } = this.world
    const over = name === undefined ? this.stopper.signal : this.stopper.signalOf(name)
    try {
      await clock.until(clock.now() + ms, AbortSignal.any([signal, over]))
    } catch (error) {
      signal.throwIfAborted()
      if (!over.aborted) throw error
    }
  }
}

function firstRecord(pod: Pod, now: number): PodRecord {
  const { initContainers = [], containers, ephemeralContainers = [] } = pod.spec
  const before = pod.status?.startTime
  const state = waiting(initContainers.length > 0 ? 'PodInitializing' : 'ContainerCreating')
  const record = (spec: Container): ContainerRecord => ({ spec, state, restartCount: 0 })
  return {
    startedAt: before === undefined ? now : Date.parse(before),
    inits: initContainers.map(record),
    containers: containers.map(record),
    ephemerals: ephemeralContainers.map(record),
    over: false,
  }
}
