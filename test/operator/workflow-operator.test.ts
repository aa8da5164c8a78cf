import type { KubeObject, Workflow, WorkflowTemplate } from '@argosy/engine'
import { type Client, resources, StatusError, type WatchEvent } from '@argosy/kube'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chainEngine } from './chain-engine.ts'
import { identity, type Workbench, workbench, workflowRef } from './workbench.ts'

const succeeded = (workflow: Workflow) => workflow.status?.phase === 'Succeeded'
const over = (workflow: Workflow) =>
  workflow.metadata.labels?.['workflows.argoproj.io/completed'] === 'true'

describe('the workflow operator', () => {
  let bench: Workbench
  beforeEach(() => {
    bench = workbench()
  })
  afterEach(() => bench[Symbol.asyncDispose]())

  it('brings workflows to their end, each step once, and tells their story in Events', async () => {
    const created = bench.succeedAll()
    await bench.operator(chainEngine())
    await bench.submit('a', 3)
    await bench.submit('b', 1)
    await Promise.all([bench.until('a', over), bench.until('b', over)])
    expect(created.toSorted()).toEqual(['a-0', 'a-1', 'a-2', 'b-0'])
    await settledEvents(4)
    expect((await bench.events()).toSorted()).toEqual([
      'WorkflowRunning',
      'WorkflowRunning',
      'WorkflowSucceeded',
      'WorkflowSucceeded',
    ])
  })

  it('never looks at the Workflow that comes back from its own writes', async () => {
    const looked: string[] = []
    bench.succeedAll()
    const engine = chainEngine()
    await bench.operator(
      engine,
      watching(bench.client, (event) => looked.push(event.name)),
    )
    await bench.submit('a', 5)
    await bench.until('a', over)
    expect(looked).toEqual([])
    expect(engine.loads).toEqual(['a'])
  })

  it('takes in what somebody else writes, and loads again when it collides with its own write', async () => {
    const engine = chainEngine()
    bench.succeedAll()
    let meddled: Promise<unknown> | undefined
    engine.onAdvance = (run) => {
      if (run.pods.size === 2 && !meddled) meddled = annotate(bench.client, 'a')
      return undefined
    }
    await bench.operator(engine)
    await bench.submit('a', 3)
    const end = await bench.until('a', over)
    expect(end.metadata.annotations).toEqual({ meddled: 'yes' })
    expect(engine.loads.length).toBeGreaterThan(1)
  })

  it('gives a write of somebody else to the run as a change', async () => {
    const engine = chainEngine()
    const heard: string[] = []
    engine.onAdvance = (_, changes) => {
      heard.push(...changes.map((change) => change.kind))
      return undefined
    }
    await bench.operator(engine)
    await bench.submit('a', 1)
    await bench.until('a', (workflow) => workflow.status?.phase === 'Running')
    await annotate(bench.client, 'a')
    await turns()
    expect(heard.filter((kind) => kind === 'workflow')).toEqual(['workflow'])
    expect(engine.loads).toEqual(['a'])
  })

  it('passes over completed workflows at the start', async () => {
    await bench.submit('old', 1, { metadata: { labels: completedLabel } })
    await bench.submit('new', 1)
    const engine = chainEngine()
    bench.succeedAll()
    await bench.operator(engine)
    await bench.until('new', over)
    expect(engine.loads).toEqual(['new'])
  })

  it('ends a workflow with an Error that says so when deciding fails, and goes on with the others', async () => {
    const engine = chainEngine()
    engine.onAdvance = (run) => {
      if (run.workflow.metadata.name === 'bad') throw new Error('a mistake of ours')
      return undefined
    }
    bench.succeedAll()
    await bench.operator(engine)
    await bench.submit('bad', 1)
    await bench.submit('good', 2)
    const bad = await bench.until('bad', over)
    expect(bad.status).toMatchObject({
      phase: 'Error',
      message: 'internal error, please report it: a mistake of ours',
    })
    expect(succeeded(await bench.until('good', over))).toBe(true)
  })

  it('tells the engine of a pod that the server will never take as of a failed one', async () => {
    const refusing = withCreate(bench.client, (resource, object) => {
      if (resource === resources.pods && object.metadata.name === 'a-1') {
        throw new StatusError('Invalid', 'no such field')
      }
    })
    bench.succeedAll()
    await bench.operator(chainEngine(), refusing)
    await bench.submit('a', 3)
    expect((await bench.until('a', over)).status?.phase).toBe('Failed')
  })

  it('tries again when the server could not be reached', async () => {
    let refusals = 2
    const shaky = withCreate(bench.client, (resource) => {
      if (resource === resources.pods && refusals-- > 0) {
        throw new StatusError('ServiceUnavailable', 'not now')
      }
    })
    bench.succeedAll()
    await bench.operator(chainEngine(), shaky)
    await bench.submit('a', 2)
    const end = bench.until('a', over)
    const turning = setInterval(() => bench.clock.advance(1000), 1)
    expect(succeeded(await end)).toBe(true)
    clearInterval(turning)
  })

  it('looks again at the time that the engine named, though nothing happened', async () => {
    const engine = chainEngine()
    const seen: number[] = []
    const start = bench.clock.now()
    engine.onAdvance = (_run, _changes, now) => {
      seen.push(now - start)
      return now < start + 60_000 ? { wakeAt: start + 60_000 } : undefined
    }
    await bench.operator(engine)
    await bench.submit('a', 1)
    await bench.until('a', (workflow) => workflow.status?.phase === 'Running')
    await turns()
    bench.clock.advance(59_000)
    await turns()
    const before = seen.length
    bench.clock.advance(1000)
    await turns()
    expect(seen.length).toBe(before + 1)
    expect(seen.at(-1)).toBe(60_000)
  })

  it.each([
    ['one that has a node by its deadline', { spec: { nodeName: 'here' } }, 1],
    ['one that has none yet by deleting it', {}, undefined],
  ])('stops %s', async (_, change, deadline) => {
    const engine = chainEngine()
    let stopped = false
    engine.onAdvance = (run) => {
      if (run.pods.size === 0 || stopped) return undefined
      stopped = true
      return { stop: [{ name: `${run.workflow.metadata.name}-0`, mode: 'deadline' }] }
    }
    await bench.operator(engine)
    await bench.submit('d', 1)
    await bench.until('d', (workflow) => workflow.status?.phase === 'Running')
    const pod = { resource: resources.pods, namespace: 'default', name: 'd-0' }
    const patch = { type: 'merge', subresource: 'status', body: change } as const
    await bench.client.patch(pod, patch)
    await annotate(bench.client, 'd')
    await turns()
    const left = (await bench.pods()).filter(({ metadata }) => !metadata.deletionTimestamp)
    expect(left[0]?.spec.activeDeadlineSeconds).toBe(deadline)
  })

  it('asks the server before it believes that a template does not exist', async () => {
    const engine = chainEngine()
    let found: WorkflowTemplate | undefined
    engine.onAdvance = (run) => {
      found = run.world.template({ name: 't', clusterScope: false })
      return undefined
    }
    bench.succeedAll()
    const deaf = withoutNews(bench.client, resources.workflowTemplates)
    await bench.operator(engine, deaf)
    const template = { ...identity, kind: 'WorkflowTemplate', spec: {} }
    const metadata = { name: 't', namespace: 'default' }
    await bench.client.create(resources.workflowTemplates, { ...template, metadata })
    await bench.submit('a', 1)
    await bench.until('a', over)
    expect(found?.metadata.name).toBe('t')
  })

  it('loads everything again after a gap in what it could watch', async () => {
    const engine = chainEngine()
    const breaks = breaking(bench.client, resources.pods)
    await bench.operator(engine, breaks.client)
    await bench.submit('a', 2)
    await bench.until('a', (workflow) => workflow.status?.phase === 'Running')
    bench.succeedAll()
    const end = bench.until('a', over)
    await turns()
    breaks.mend()
    const turning = setInterval(() => bench.clock.advance(1000), 1)
    expect(succeeded(await end)).toBe(true)
    clearInterval(turning)
    expect(engine.loads.length).toBeGreaterThan(1)
  })

  it('finishes what another left when it died between any two effects, no step twice', async () => {
    for (let effects = 0; ; effects++) {
      const own = workbench()
      const created = own.succeedAll()
      const dying = mortal(own.client, effects)
      await own.doomedOperator(chainEngine(), dying.client)
      await own.submit('a', 3)
      const end = own.until('a', over)
      await Promise.race([end, dying.died])
      await own.operator(chainEngine())
      expect(succeeded(await end)).toBe(true)
      expect(created).toEqual(['a-0', 'a-1', 'a-2'])
      await own[Symbol.asyncDispose]()
      if (!dying.dead()) break
    }
  })

  async function settledEvents(count: number): Promise<void> {
    while ((await bench.events()).length < count) await turns()
  }
})

const completedLabel = { 'workflows.argoproj.io/completed': 'true' }

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}

function annotate(client: Client, name: string): Promise<unknown> {
  const body = { metadata: { annotations: { meddled: 'yes' } } }
  return client.patch(workflowRef(name), { type: 'merge', body })
}

function overriding(client: Client, members: Partial<Client>): Client {
  const methods = ['get', 'list', 'watch', 'create', 'update', 'patch', 'remove'] as const
  const bound = Object.fromEntries(methods.map((name) => [name, client[name].bind(client)]))
  return { ...(bound as unknown as Client), ...members }
}

function withCreate(
  client: Client,
  check: (...args: Parameters<Client['create']>) => void,
): Client {
  return overriding(client, {
    create: async (...args) => {
      check(...args)
      return client.create(...args)
    },
  })
}

/** Tells of every look at the object of a Workflow's event that is not its first. */
function watching(client: Client, look: (event: WatchEvent<KubeObject>) => void): Client {
  return overriding(client, {
    async *watch<T extends KubeObject>(...[query, signal]: Parameters<Client['watch']>) {
      for await (const batch of client.watch<T>(query, signal)) {
        yield query.resource === resources.workflows
          ? batch.map((event) => guarded(event, look))
          : batch
      }
    },
  })
}

function guarded<T extends KubeObject>(
  event: WatchEvent<T>,
  look: (event: WatchEvent<KubeObject>) => void,
): WatchEvent<T> {
  const { type, namespace, name, resourceVersion } = event
  return {
    type,
    namespace,
    name,
    resourceVersion,
    get object() {
      look(event)
      return event.object
    },
  }
}

function withoutNews(client: Client, deafTo: unknown): Client {
  return overriding(client, {
    watch<T extends KubeObject>(...[query, signal]: Parameters<Client['watch']>) {
      if (query.resource !== deafTo) return client.watch<T>(query, signal)
      return silence<T>(signal)
    },
  })
}

async function* silence<T extends KubeObject>(
  signal: AbortSignal,
): AsyncGenerator<readonly WatchEvent<T>[]> {
  await new Promise((resolve) => signal.addEventListener('abort', resolve))
}

function breaking(client: Client, resource: unknown) {
  let mend = () => {}
  const broken = new Promise<void>((resolve) => {
    mend = resolve
  })
  let whole = false
  const broke = overriding(client, {
    watch<T extends KubeObject>(...[query, signal]: Parameters<Client['watch']>) {
      if (query.resource !== resource || whole) return client.watch<T>(query, signal)
      return expiring<T>()
    },
  })
  // biome-ignore lint/correctness/useYield: it never gets to its first batch
  async function* expiring<T extends KubeObject>(): AsyncGenerator<readonly WatchEvent<T>[]> {
    await broken
    whole = true
    throw new StatusError('Expired', 'too old resource version')
  }
  return { client: broke, mend: () => mend() }
}

/** Serves so many writes; then the process is dead: nothing it asks for happens or is answered any more. */
function mortal(client: Client, writes: number) {
  let left = writes
  let die = () => {}
  const died = new Promise<void>((resolve) => {
    die = resolve
  })
  const never = new Promise<never>(() => {})
  const write = <A extends unknown[], R>(method: (...args: A) => Promise<R>) => {
    return (...args: A): Promise<R> => {
      if (left-- > 0) return method(...args)
      die()
      return never
    }
  }
  const mortalClient = overriding(client, {
    create: write(client.create.bind(client)),
    patch: write(client.patch.bind(client)),
    remove: write(client.remove.bind(client)),
  })
  return { client: mortalClient, died, dead: () => left < 0 }
}
