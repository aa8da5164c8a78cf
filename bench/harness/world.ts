import { localClient, Store, startNode } from '@argosy/cluster'
import { type Client, systemClock } from '@argosy/kube'
import { startWorkflowOperator } from '@argosy/operators'
import { openEmbedded } from '../../packages/app/src/embedded.ts'
import { busybox } from '../../packages/cluster/src/node/runtimes/docker/engine.fixture.ts'
import { fakeRuntime } from '../../packages/cluster/src/node/runtimes/fake.ts'

/**
 * What runs the steps: `process`, `sandbox` and `docker` are the whole product; `fake` is the product with containers that end at
 * once; `none` has no node at all: store, client and operator.
 */
export type Steps = 'process' | 'sandbox' | 'docker' | 'fake' | 'none'

export interface World extends AsyncDisposable {
  readonly client: Client
}

/** Everything durable is below `dir`; synced as in production. */
export async function openWorld(steps: Steps, dir: string): Promise<World> {
  if (steps === 'process' || steps === 'sandbox' || steps === 'docker') {
    const log = (line: string) => process.stderr.write(`${line}\n`)
    const images = steps === 'docker' ? [{ match: '*', run: { image: busybox } }] : []
    const embedded = await openEmbedded({ dataDir: dir, runtime: steps, images, log })
    await embedded.start()
    return embedded
  }
  const open = new AsyncDisposableStack()
  const store = open.use(new Store({ directory: dir, fatal: fail }))
  const clock = systemClock
  const client = localClient({ store, clock })
  open.use(await startWorkflowOperator({ client, clock, log: complain }))
  if (steps === 'fake') {
    const runtime = fakeRuntime()
    open.use(
      await startNode({ client, clock, runtime, dataDir: dir, nodeName: 'bench', onError: fail }),
    )
  }
  return { client, [Symbol.asyncDispose]: () => open.disposeAsync() }
}

function fail(error: unknown): never {
  throw error
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`)
}
