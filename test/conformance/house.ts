import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '@argosy/kube/free-port'
import { type Embedded, openEmbedded } from '../../packages/app/src/embedded.ts'
import { override } from '../../packages/app/src/input/overrides.ts'
import { kill } from '../../packages/app/src/run/stop.ts'
import { type NodeLogs, nodeLogs } from '../../packages/cluster/src/index.ts'
import {
  type JsonObject,
  type KubeObject,
  type NodeStatus,
  type Pod,
  parseWorkflow,
  type Workflow,
} from '../../packages/engine/src/index.ts'
import { ignore, type Resource, resources } from '../../packages/kube/src/index.ts'
import { Internet } from './internet.ts'
import { PodSpans, type Span } from './pod-spans.ts'
import { secretOf } from './secret-of.ts'
import { type Pace, standIns } from './stand-ins.ts'

/** A Workflow to run, and what must be there for it. */
export interface Order {
  readonly object: JsonObject
  readonly supplies: readonly JsonObject[]
  readonly parameters?: Readonly<Record<string, string>>
  /** What only one of them may have at a time. */
  readonly turn?: string
  /** How long to look on after the end, for what is collected then. */
  readonly lingerMs?: number
  /** Suspended nodes that somebody resumes, by display name, with what they type in. */
  readonly resume?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** A Workflow at its end, with what its steps wrote. */
export interface End {
  readonly workflow: Workflow
  /** By node, each named without the workflow's name. */
  readonly nodes: ReadonlyMap<string, NodeStatus>
  readonly pods: ReadonlyMap<string, Pod>
  readonly said: ReadonlyMap<string, string>
  /** Nodes whose pods are still there; undefined when the workflow itself is gone. */
  readonly left: readonly string[] | undefined
  /** When each pod was made and when it ended, counted in what happened. */
  readonly spans: ReadonlyMap<string, Span>
}

/** One embedded cluster for many examples; each has a namespace of its own. */
export class House implements AsyncDisposable {
  readonly #embedded: Embedded
  readonly #logs: NodeLogs
  readonly #folder: string
  readonly #internet: Internet
  readonly #waiting = new Map<string, () => void>()
  readonly #spans = new PodSpans()
  readonly #closing = new AbortController()
  #namespaces = 0

  private constructor(embedded: Embedded, folder: string, internet: Internet) {
    this.#embedded = embedded
    this.#folder = folder
    this.#internet = internet
    this.#logs = nodeLogs(embedded)
  }

  static async open(pace: Pace): Promise<House> {
    // Not below /tmp, which every step has for itself.
    const folder = await mkdtemp('/var/tmp/argosy-conformance-')
    const images = await standIns({ folder, pace, ports: [await freePort(), await freePort()] })
    const dataDir = join(folder, 'data')
    const log = (line: string) => process.stderr.write(`${line}\n`)
    // What an example asks for is not what it uses.
    const capacity = { cpu: 16, memory: 64 * 2 ** 30 }
    const embedded = await openEmbedded({ runtime: 'sandbox', images, dataDir, log, capacity })
    const internet = await Internet.open(join(folder, 'internet'))
    await embedded.start()
    const house = new House(embedded, folder, internet)
    void house.#listen()
    void house.#spans.watch(embedded.client, house.#closing.signal)
    return house
  }

  /** Runs one Workflow to its end. */
  async run(order: Order, signal: AbortSignal): Promise<End> {
    const { client } = this.#embedded
    this.#namespaces += 1
    const namespace = `example-${this.#namespaces}`
    await client.create(resources.namespaces, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    })
    for (const supply of order.supplies) await this.#supply(supply, namespace)
    for (const secret of this.#credentials()) await this.#supply(secret, namespace)
    const parameters = new Map(Object.entries(order.parameters ?? {}))
    const workflow = override(parseWorkflow(order.object).workflow, {
      parameters,
      entrypoint: undefined,
    })
    const { name = '' } = await client.create(
      resources.workflows,
      placed(named(workflow), namespace),
    )
    const ended = new Promise<void>((resolve) => this.#waiting.set(`${namespace}/${name}`, resolve))
    const end = await this.#until(ended, { namespace, name, resume: order.resume ?? {} }, signal)
    const lingering = new Promise<void>((resolve) => setTimeout(resolve, order.lingerMs ?? 0))
    const account = await this.#account(end)
    await lingering
    if (order.turn) await this.#spans.over(namespace, signal)
    return { ...account, left: await this.#left(end) }
  }

  /** What examples show to the internet and nobody can write down. */
  #credentials(): readonly JsonObject[] {
    const { certificate, serviceAccount } = this.#internet
    return [
      secretOf('cert-sec', { 'certificate.pem': certificate.cert, 'key.pem': certificate.key }),
      secretOf('my-gcs-credentials', { serviceAccountKey: serviceAccount }),
    ]
  }

  async #supply(object: JsonObject, namespace: string): Promise<void> {
    const resource = supplied.find(({ kind }) => kind === object['kind'])
    if (!resource) throw new Error(`no example needs a ${object['kind']}`)
    const whole = object as unknown as KubeObject
    await this.#embedded.client
      .create(resource, resource.namespaced ? placed(whole, namespace) : whole)
      .catch(ignore('AlreadyExists'))
  }

  async #until(
    ended: Promise<void>,
    { namespace, name, resume }: { namespace: string; name: string; resume: Resumes },
    signal: AbortSignal,
  ): Promise<Workflow> {
    const { client } = this.#embedded
    const ref = { resource: resources.workflows, namespace, name }
    let over = false
    const done = ended.then(() => {
      over = true
    })
    const gone = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    const open = new Set(Object.keys(resume))
    while (!over && !signal.aborted) {
      const nap = open.size > 0 ? [new Promise((resolve) => setTimeout(resolve, 100))] : []
      await Promise.race([done, gone, ...nap])
      if (over || open.size === 0) continue
      const workflow = await client.get<Workflow>(ref)
      const node = Object.values(workflow?.status?.nodes ?? {}).find(
        ({ type, phase, displayName }) =>
          type === 'Suspend' && phase === 'Running' && open.has(displayName),
      )
      if (!workflow || !node) continue
      open.delete(node.displayName)
      await client.update(resources.workflows, resumed(workflow, node, resume))
    }
    const workflow = await client.get<Workflow>(ref)
    if (!workflow) throw new Error(`${namespace}/${name} is gone`)
    return workflow
  }

  async #left({ metadata }: Workflow): Promise<readonly string[] | undefined> {
    const { client } = this.#embedded
    const { namespace = '', name = '' } = metadata
    const { items } = await client.list<Pod>({ resource: resources.pods, namespace })
    const workflow = await client.get({ resource: resources.workflows, namespace, name })
    return workflow && items.map((pod) => short(nodeNameOf(pod), name))
  }

  async #account(workflow: Workflow): Promise<Omit<End, 'left'>> {
    const { namespace = '', name = '' } = workflow.metadata
    const known = Object.values(workflow.status?.nodes ?? {})
    const nodes = new Map(known.map((node) => [short(node.name, name), node]))
    const { items } = await this.#embedded.client.list<Pod>({ resource: resources.pods, namespace })
    const all = [...this.#spans.in(namespace), ...items]
    const pods = new Map(all.map((pod) => [short(nodeNameOf(pod), name), pod]))
    const said = new Map<string, string>()
    for (const [node, pod] of pods) said.set(node, await this.#said(pod))
    const spans = this.#spans.of(pods)
    return { workflow, nodes, pods, said, spans }
  }

  async #said(pod: Pod): Promise<string> {
    const { namespace = '', name = '', uid = '' } = pod.metadata
    const ref = { namespace, name, uid }
    const texts: string[] = []
    for (const container of (await this.#logs.containers(ref)).toSorted()) {
      const chunks: Buffer[] = []
      for await (const chunk of this.#logs.read({ ref, container }, this.#closing.signal)) {
        chunks.push(chunk)
      }
      const text = Buffer.concat(chunks).toString().trimEnd()
      if (container === 'main') texts.push(text)
      else if (text) texts.push(`${container}: ${text}`)
    }
    return texts.join('\n')
  }

  async #listen(): Promise<void> {
    const query = {
      resource: resources.workflows,
      labelSelector: 'workflows.argoproj.io/completed=true',
    }
    try {
      for await (const batch of this.#embedded.client.watch(query, this.#closing.signal)) {
        for (const { namespace, name } of batch) this.#waiting.get(`${namespace}/${name}`)?.()
      }
    } catch (error) {
      if (!this.#closing.signal.aborted) throw error
    }
  }

  /** A step that was to end and has not would outlive us: a node's containers survive it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await kill(this.#embedded.client, this.#embedded.clock)
    this.#closing.abort()
    await this.#embedded[Symbol.asyncDispose]()
    await this.#internet[Symbol.asyncDispose]()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

type Resumes = NonNullable<Order['resume']>

const supplied: readonly Resource[] = [
  resources.persistentVolumeClaims,
  resources.workflowTemplates,
  resources.clusterWorkflowTemplates,
  resources.configMaps,
  resources.secrets,
]

function placed<T extends KubeObject>(object: T, namespace: string): T {
  return { ...object, metadata: { ...object.metadata, namespace } }
}

/** One of upstream's examples has no name, and a label that no API takes. */
function named(workflow: Workflow): Workflow {
  const { name, generateName } = workflow.metadata
  if (name || generateName) return workflow
  const { labels: _, ...metadata } = workflow.metadata
  return { ...workflow, metadata: { ...metadata, generateName: 'example-' } }
}

/** What `argo resume` and `argo node set` write. */
function resumed(workflow: Workflow, node: NodeStatus, resume: Resumes): KubeObject {
  const given = Object.entries(resume[node.displayName] ?? {})
  const parameters = given.map(([name, value]) => ({ name, value }))
  const after = {
    ...node,
    phase: 'Succeeded',
    finishedAt: new Date().toISOString(),
    ...(parameters.length > 0 && { outputs: { parameters } }),
  }
  const nodes = { ...workflow.status?.nodes, [node.id]: after }
  return { ...workflow, status: { ...workflow.status, nodes } } as KubeObject
}

const nodeNameOf = (pod: Pod) => pod.metadata.annotations?.['workflows.argoproj.io/node-name'] ?? ''
const short = (node: string, workflow: string) => node.replace(workflow, '')
