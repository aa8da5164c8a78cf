import type { JsonObject, KubeObject } from '@argosy/engine'
import { type Client, type Clock, ignore, resources, StatusError } from '@argosy/kube'
import { type MachineFacts, nodeLabels, nodeObject, nodeStatus } from './node-object.ts'

export interface RegisterOptions {
  readonly client: Client
  readonly clock: Clock
  readonly facts: MachineFacts
  readonly log?: (line: string) => void
  /** How often the machine says that it is there. */
  readonly heartbeatMs?: number
}

const namespace = 'kube-node-lease'

/** Makes this machine a Node, and renews its Lease now and then. Dispose to stop; the Node stays. */
export function registerMachine(options: RegisterOptions): AsyncDisposable {
  const stop = new AbortController()
  const { clock, heartbeatMs = 300_000, log = () => undefined } = options
  const beat = async () => {
    while (!stop.signal.aborted) {
      await once(options).catch((error: unknown) => log(`node object: ${String(error)}`))
      await clock.until(clock.now() + heartbeatMs, stop.signal).catch(() => undefined)
    }
  }
  const beating = beat()
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await beating
    },
  }
}

async function once(options: RegisterOptions): Promise<void> {
  const { client, clock, facts, heartbeatMs = 300_000 } = options
  const { name } = facts
  const ref = { resource: resources.nodes, name }
  await client.create(resources.nodes, nodeObject(facts)).catch(ignore('AlreadyExists'))
  const node = await client.get<KubeObject & { readonly status?: JsonObject }>(ref)
  if (node === undefined) return
  const labels = nodeLabels(facts)
  const { annotations = {} } = facts
  const isKnown =
    holds(node.metadata.labels, labels) && holds(node.metadata.annotations, annotations)
  const { resourceVersion } = isKnown
    ? node.metadata
    : await client.patch(ref, { type: 'merge', body: { metadata: { labels, annotations } } })
  const status = nodeStatus(facts, node.status, clock.now())
  const written = await client
    .patch(ref, {
      ...{ type: 'merge', subresource: 'status', body: { status } as unknown as JsonObject },
      ...(resourceVersion !== undefined && { resourceVersion }),
    })
    .catch(ignore('Conflict'))
  // Somebody else wrote it meanwhile: what is said follows from what is there.
  if (written === undefined) return once(options)
  await renew(client, node, { now: clock.now(), heartbeatMs })
}

type Texts = Readonly<Record<string, string>>

function holds(actual: Texts | undefined, wanted: Texts): boolean {
  return Object.entries(wanted).every(([key, value]) => actual?.[key] === value)
}

async function renew(
  client: Client,
  node: KubeObject,
  { now, heartbeatMs }: { readonly now: number; readonly heartbeatMs: number },
): Promise<void> {
  const { name = '', uid = '' } = node.metadata
  const spec = {
    holderIdentity: name,
    leaseDurationSeconds: Math.ceil((heartbeatMs * 3) / 1000),
    // Go's MicroTime is not read without its six digits.
    renewTime: `${new Date(now).toISOString().slice(0, -1)}000Z`,
  }
  const metadata = {
    name,
    namespace,
    ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }],
  }
  const lease = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata,
    spec,
  } as KubeObject
  try {
    await client.create(resources.leases, lease)
  } catch (error) {
    if (!(error instanceof StatusError) || error.reason !== 'AlreadyExists') throw error
    await client.patch(
      { resource: resources.leases, namespace, name },
      { type: 'merge', body: { spec } },
    )
  }
}
