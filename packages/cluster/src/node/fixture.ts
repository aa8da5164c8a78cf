import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KubeObject, Pod, StepPlan, Workflow, WorkflowTaskResult } from '@argosy/engine'
import { type Client, type HandClock, handClock, resources } from '@argosy/kube'
import { localClient, Store } from '../index.ts'
import { type Node, type NodeOptions, startNode } from './node.ts'
import {
  type FakeContainer,
  type FakeOptions,
  type FakeRuntime,
  fakeRuntime,
} from './runtimes/fake.ts'
import { removeStateDir } from './state-dir.ts'

/** A machine for tests: an in-memory API, a fake runtime, a clock that stands still, a real directory. */
export interface Machine extends AsyncDisposable {
  readonly client: Client
  readonly clock: HandClock
  readonly runtime: FakeRuntime
  readonly dataDir: string
  readonly errors: unknown[]
  /** Starts a node; an earlier one goes on unless it was disposed of. */
  start(options?: Partial<NodeOptions>): Promise<Node>
  create(pod: Pod): Promise<Pod>
  pod(name: string): Promise<Pod | undefined>
  result(nodeId: string): Promise<WorkflowTaskResult | undefined>
  events(): Promise<readonly (KubeObject & { readonly reason: string; readonly message: string })[]>
  /** Every version of a pod from now on. */
  writes(name: string): readonly Pod[]
  /** The running container of that name; waits for it. */
  container(name: string): Promise<FakeContainer>
  /** Waits until `check` is true of the pod, turning the clock by a status delay each time it looks. */
  until(name: string, check: (pod: Pod | undefined) => boolean): Promise<Pod | undefined>
}

export async function machine(
  program: FakeOptions['program'] = () => undefined,
  { store: given, ...more }: Pick<FakeOptions, 'exec' | 'onSignal'> & { store?: Store } = {},
): Promise<Machine> {
  const clock = handClock()
  const store = given ?? new Store({ fatal: throwIt })
  const client = localClient({ store, clock })
  const owner = await client.create(resources.workflows, workflow)
  const runtime = fakeRuntime({ now: () => clock.now(), program, ...more })
  const dataDir = await mkdtemp(join(tmpdir(), 'argosy-node-'))
  const errors: unknown[] = []
  const life = new AbortController()
  const nodes: Node[] = []
  const pod = (name: string) =>
    client.get<Pod>({ resource: resources.pods, namespace: 'default', name })
  return {
    client,
    clock,
    runtime,
    dataDir,
    errors,
    pod,
    async start(options) {
      const node = await startNode({
        client,
        runtime,
        clock,
        dataDir,
        nodeName: 'here',
        statusDelayMs: 20,
        onError: (error) => errors.push(error),
        ...options,
      })
      nodes.push(node)
      return node
    },
    async create(object) {
      await client.create(resources.pods, ownedBy(object, owner.uid ?? ''))
      return (await pod(object.metadata.name ?? '')) as Pod
    },
    result: (name) =>
      client.get({ resource: resources.workflowTaskResults, namespace: 'default', name }),
    async events() {
      const list = await client.list({ resource: resources.events })
      return list.items as never
    },
    writes: (name) => record(client, name, life.signal),
    container: (name) =>
      eventually(() =>
        [...runtime.containers.values()].findLast(
          ({ spec, running }) => running && spec.dir.split('/').at(-1)?.split('.')[1] === name,
        ),
      ),
    async until(name, check) {
      return eventually(async () => {
        const found = await pod(name)
        if (check(found)) return { found }
        if (clock.waiting > 0) clock.advance(1)
        return undefined
      }).then(({ found }) => found)
    },
    async [Symbol.asyncDispose]() {
      life.abort()
      for (const node of nodes) await node[Symbol.asyncDispose]()
      await removeStateDir(dataDir)
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

export function throwIt(error: Error): never {
  throw error
}

function record(client: Client, name: string, signal: AbortSignal): readonly Pod[] {
  const seen: Pod[] = []
  const follow = async () => {
    for await (const batch of client.watch<Pod>({ resource: resources.pods }, signal)) {
      seen.push(...batch.filter((one) => one.name === name).map(({ object }) => object))
    }
  }
  follow().catch(() => undefined)
  return seen
}

const workflow: Workflow = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Workflow',
  metadata: { name: 'wf', namespace: 'default' },
  spec: {},
}

/** The collector removes what has an owner that does not exist. */
function ownedBy(pod: Pod, uid: string): Pod {
  const { ownerReferences, ...metadata } = pod.metadata
  if (!ownerReferences) return pod
  return {
    ...pod,
    metadata: { ...metadata, ownerReferences: ownerReferences.map((one) => ({ ...one, uid })) },
  }
}

/** Looks again at each turn of the event loop until there is something to see. */
export async function eventually<T>(look: () => T | Promise<T>): Promise<NonNullable<T>> {
  const until = performance.now() + 10_000
  while (performance.now() < until) {
    const seen = await look()
    if (seen) return seen
    await new Promise(setImmediate)
  }
  throw new Error('it did not happen within 10 s')
}

/** A pod with one container called main. */
export function aPod(
  name: string,
  spec: Partial<Pod['spec']> = {},
  metadata: Partial<Pod['metadata']> = {},
): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', ...metadata },
    spec: {
      restartPolicy: 'Never',
      containers: [{ name: 'main', image: 'busybox', command: ['true'] }],
      ...spec,
    },
  }
}

/** A step's pod: what the controller would make of a template. */
export function aStep(
  name: string,
  template: StepPlan['template'],
  plan: Partial<StepPlan> = {},
  spec: Partial<Pod['spec']> = {},
): Pod {
  const full: StepPlan = {
    nodeId: name,
    template,
    archiveLocation: { disk: { key: `wf/${name}` } },
    includeResult: false,
    ...plan,
  }
  return aPod(name, spec, {
    annotations: {
      'workflows.argoproj.io/node-id': full.nodeId,
      'workflows.argoproj.io/template': JSON.stringify(full),
    },
    labels: { 'workflows.argoproj.io/workflow': 'wf' },
    ownerReferences: [
      { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', name: 'wf', uid: 'wf-uid' },
    ],
  })
}

export function phaseIs(...phases: readonly string[]) {
  return (pod: Pod | undefined): boolean => phases.includes(pod?.status?.phase ?? '')
}
