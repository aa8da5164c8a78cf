import { formatTime, type JsonObject, type KubeObject } from '@argosy/engine'
import { type Client, type Clock, ignore, resources } from '@argosy/kube'
import { type KeeperOptions, refOf } from '@argosy/kube/workload'

interface Lease extends KubeObject {
  readonly spec?: { readonly renewTime?: string }
}

interface NodeObject extends KubeObject {
  readonly status?: { readonly conditions?: readonly JsonObject[] }
}

/** When a Lease was last seen to be renewed: clocks of other machines are not compared with ours. */
interface Seen {
  readonly renewTime: string
  readonly at: number
}

const checkMs = 5_000
const graceMs = 40_000

/** Says of nodes that have not been heard of for a while that nobody knows how they are. Dispose to stop. */
export function watchMachines({ client, clock, log }: KeeperOptions): AsyncDisposable {
  const stop = new AbortController()
  const seen = new Map<string, Seen>()
  const watch = async () => {
    while (!stop.signal.aborted) {
      await check(client, clock, seen).catch((error: unknown) => log?.(`nodes: ${String(error)}`))
      await clock.until(clock.now() + checkMs, stop.signal).catch(() => undefined)
    }
  }
  const watching = watch()
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await watching
    },
  }
}

async function check(client: Client, clock: Clock, seen: Map<string, Seen>): Promise<void> {
  const { items: nodes } = await client.list<NodeObject>({ resource: resources.nodes })
  const namespace = 'kube-node-lease'
  const { items } = await client.list<Lease>({ resource: resources.leases, namespace })
  const leases = new Map(items.map((lease) => [lease.metadata.name ?? '', lease]))
  const now = clock.now()
  for (const node of nodes) {
    const { name = '' } = node.metadata
    const renewTime = leases.get(name)?.spec?.renewTime ?? ''
    const before = seen.get(name)
    if (before?.renewTime !== renewTime) seen.set(name, { renewTime, at: now })
    else if (now - before.at >= graceMs) await doubt(client, node, now)
  }
}

/** kube-controller-manager's words. */
async function doubt(client: Client, node: NodeObject, now: number): Promise<void> {
  const { conditions = [] } = node.status ?? {}
  if (conditions.every(({ status }) => status === 'Unknown')) return
  const at = formatTime(now)
  const doubted = conditions.map((one) => ({
    ...one,
    ...{ status: 'Unknown', reason: 'NodeStatusUnknown' },
    message: 'Kubelet stopped posting node status.',
    lastTransitionTime: at,
  }))
  const { resourceVersion = '' } = node.metadata
  const body = { status: { conditions: doubted } }
  await client
    .patch(refOf(resources.nodes, node), {
      ...{ type: 'merge', subresource: 'status', resourceVersion, body },
    })
    .catch(ignore('NotFound', 'Conflict'))
}
