import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { KubeObject, Workflow } from '@argosy/engine'
import { type Client, ignore, Patience, patientClient, resources, systemClock } from '@argosy/kube'
import { freePort } from '@argosy/kube/free-port'
import { Connection, httpClient, readContext } from '@argosy/kube/remote'
import { Program } from './process.ts'
import { randomFrom } from './random.ts'
import { type Shape, schedule, shapesWith, workflow } from './shapes.ts'

export interface LaneOptions {
  readonly dir: string
  /** The node is a process of its own. */
  readonly isSplit: boolean
  readonly runtime: 'sandbox' | 'process'
  readonly kills: number
  readonly seed: number
}

/** Who was killed, and how often. */
export type Kills = Record<'server' | 'node' | 'both', number>

/** How many workflows are under way at a time. */
const width = 5
const beforeReady = 0.25
const averageLine = 30

/** One data directory, its processes, and the workflows that run while they are killed. */
export class Lane implements AsyncDisposable {
  readonly options: LaneOptions
  readonly ledger: string
  readonly shapes: readonly Shape[]
  readonly kills: Kills = { server: 0, node: 0, both: 0 }
  /** Acknowledged, by name. */
  readonly workflows = new Map<string, Shape>()
  readonly configMaps = new Set<string>()
  readonly #random: () => number
  readonly #over = new AbortController()
  #server: Program | undefined
  #node: Program | undefined
  #connection: Connection | undefined
  #client: Client | undefined
  #argo = ''
  #feeding: Promise<void> = Promise.resolve()

  constructor(options: LaneOptions) {
    this.options = options
    this.ledger = join(options.dir, 'ledger')
    // Plain processes share /tmp: steps that leave files there would meet.
    const isShared = ({ name }: Shape) =>
      options.runtime === 'process' && ['dag', 'files'].includes(name)
    this.shapes = shapesWith(this.ledger).filter((shape) => !isShared(shape))
    this.#random = randomFrom(options.seed)
  }

  get client(): Client {
    if (!this.#client) throw new Error('the lane is not open')
    return this.#client
  }

  /** Starts everything, and submits from now on. */
  async open(): Promise<void> {
    const { dir, isSplit, runtime } = this.options
    mkdirSync(this.ledger, { recursive: true })
    const [port, httpPort] = await Promise.all([freePort(), freePort()])
    const data = join(dir, 'data')
    const shared = ['--runtime', runtime, '--artifacts-dir', join(dir, 'artifacts')]
    this.#argo = `http://127.0.0.1:${httpPort}`
    const ports = ['--port', String(port), '--http-port', String(httpPort)]
    this.#server = this.#program('server', 'argosy is ready', [
      ...['server', '--data-dir', data, ...ports, ...shared],
      ...(isSplit ? ['--no-node'] : []),
    ])
    this.#server.start()
    await this.#server.ready
    if (isSplit) {
      const own = ['--kubeconfig', join(data, 'node.kubeconfig'), '--data-dir', join(dir, 'node')]
      this.#node = this.#program('node', 'argosy node', ['node', ...own, ...shared])
      this.#node.start()
      await this.#node.ready
    }
    const { access } = await readContext({ kubeconfig: join(data, 'kubeconfig') })
    this.#connection = new Connection(access)
    const patience = new Patience({ clock: systemClock, signal: this.#over.signal, mostWaitMs: 50 })
    this.#client = patientClient(httpClient(this.#connection), patience)
    await this.#prepare()
  }

  #program(name: string, ready: string, args: readonly string[]): Program {
    const { dir } = this.options
    return new Program({ args, ready, mark: dir, log: join(dir, `${name}.log`) })
  }

  /** Programs of ours in pods may make what they are told to. */
  async #prepare(): Promise<void> {
    const binding = {
      ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding' },
      metadata: { name: 'steps' },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: 'cluster-admin',
      },
      subjects: [
        { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:serviceaccounts' },
      ],
    }
    const clusterRoleBindings = {
      ...{ group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'ClusterRoleBinding' },
      ...{ plural: 'clusterrolebindings', namespaced: false },
    }
    await this.client.create(clusterRoleBindings, binding as KubeObject)
    await this.client.create(resources.cronWorkflows, schedule(this.ledger))
  }

  /** Kills at moments that the seed decides, and starts again, until it was done often enough. */
  async killAll(): Promise<void> {
    const feeding = new AbortController()
    this.#feeding = this.#feed(feeding.signal)
    this.#feeding.catch(() => undefined)
    for (let count = 0; count < this.options.kills; count++) await this.#killOnce()
    feeding.abort()
    await Promise.all([this.#server?.ready, this.#node?.ready])
    await this.#feeding
  }

  async #killOnce(): Promise<void> {
    const whom = this.#victim()
    const programs = [
      ...(whom === 'node' ? [] : [this.#server]),
      ...(whom === 'server' ? [] : [this.#node]),
    ].filter((one) => one !== undefined)
    const isEarly = this.#random() < beforeReady
    const wait = this.#random()
    if (isEarly) await delay(wait * 800)
    else await this.#moment(Math.floor(wait * 12))
    await Promise.all(programs.map((one) => one.kill()))
    this.kills[whom] += 1
    for (const one of programs) one.start()
  }

  /** Somewhere in the work: when so many more lines have been written by steps, or when nothing comes for a while. */
  async #moment(lines: number): Promise<void> {
    await Promise.all([this.#server?.ready, this.#node?.ready])
    const target = this.#written() + lines * averageLine
    for (let waited = 0; this.#written() < target && waited < 3_000; waited += 20) await delay(20)
    await delay(this.#random() * 100)
  }

  #written(): number {
    return statSync(join(this.ledger, 'steps'), { throwIfNoEntry: false })?.size ?? 0
  }

  #victim(): keyof Kills {
    if (!this.options.isSplit) return 'server'
    const at = this.#random()
    if (at < 1 / 3) return 'server'
    return at < 2 / 3 ? 'node' : 'both'
  }

  /** Keeps so many workflows under way; what is acknowledged is written down. */
  async #feed(signal: AbortSignal): Promise<void> {
    for (let count = 0; !signal.aborted; count++) {
      const running = await this.unfinished()
      await this.#resume(running)
      for (let at = running.length; at < width && !signal.aborted; at++) await this.#submit()
      const name = `ack-${count}`
      const object = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace: 'default' },
      }
      // Its acknowledgement may have been lost with the server that had made it.
      await this.client.create(resources.configMaps, object).catch(ignore('AlreadyExists'))
      this.configMaps.add(name)
      await delay(100)
    }
  }

  async #submit(): Promise<void> {
    const number = this.workflows.size
    const shape = this.shapes[number % this.shapes.length]
    if (!shape) throw new Error('no shapes')
    const name = `${shape.name}-${number}`
    await this.client
      .create(resources.workflows, workflow(shape, name))
      .catch(ignore('AlreadyExists'))
    this.workflows.set(name, shape)
  }

  async unfinished(): Promise<readonly Workflow[]> {
    const { items } = await this.client.list<Workflow>({ resource: resources.workflows })
    const open = ['', 'Pending', 'Running', undefined]
    return items.filter(({ status }) => open.includes(status?.phase))
  }

  /** Until all have ended. Throws what has not when it takes too long. */
  async finish(patienceMs: number): Promise<void> {
    await this.client.patch(
      { resource: resources.cronWorkflows, namespace: 'default', name: 'tick' },
      { type: 'merge', body: { spec: { suspend: true } } },
    )
    const until = Date.now() + patienceMs
    for (;;) {
      const running = await this.unfinished()
      if (running.length === 0) return
      if (Date.now() > until) throw new Error(`stuck: ${running.map(describe).join('\n')}`)
      await this.#resume(running)
      await delay(200)
    }
  }

  /** Opens the gates; said again until it was heard. */
  async #resume(running: readonly Workflow[]): Promise<void> {
    for (const one of running) {
      const waits = Object.values(one.status?.nodes ?? {}).some(
        ({ type, phase }) => type === 'Suspend' && phase === 'Running',
      )
      if (
        !waits ||
        !this.shapes.find(({ name }) => name === one.metadata.labels?.['shape'])?.isResumed
      )
        continue
      const { namespace = '', name = '' } = one.metadata
      const url = `${this.#argo}/api/v1/workflows/${namespace}/${name}/resume`
      const body = JSON.stringify({ namespace, name })
      await fetch(url, { method: 'PUT', body }).catch(() => undefined)
    }
  }

  /** Ends the programs in peace. */
  async close(): Promise<void> {
    this.#over.abort()
    this.#connection?.[Symbol.dispose]()
    await Promise.all([this.#node?.stop(), this.#server?.stop()])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort()
    await Promise.all([this.#node?.kill(), this.#server?.kill()])
  }
}

function describe({ metadata, status }: Workflow): string {
  const nodes = Object.values(status?.nodes ?? {}).filter(({ phase }) => phase !== 'Succeeded')
  const open = nodes.map(
    ({ name, type, phase, message }) => `${name} ${type} ${phase} ${message ?? ''}`,
  )
  return `${metadata.name} ${status?.phase} ${status?.message ?? ''}\n  ${open.join('\n  ')}`
}
