import type { KubeObject } from '@argosy/engine'
import { type Client, type Clock, resources } from '@argosy/kube'
import { type Standing, standingOf } from '@argosy/kube/placement'
import { keepFollowing } from './keep-following.ts'

interface Source {
  readonly client: Client
  readonly clock: Clock
  readonly nodeName: string
  /** Told of what should not have happened; it is tried again. */
  readonly warn: (error: unknown) => void
}

/** Of a node that has no object. */
const open: Standing = { isCordoned: false, taints: [] }

/** Who is told which pods the node wants. */
interface Listener {
  stands(standing: Standing): void
}

interface Following {
  /** Resolves when the listener has been told once, or never will be. */
  readonly known: Promise<unknown>
  readonly done: Promise<void>
}

/** Tells how the node's own object wants pods, first and whenever that changes, until `signal` aborts. */
export function followStanding(source: Source, listener: Listener, signal: AbortSignal): Following {
  let done = Promise.resolve()
  const known = new Promise<void>((resolve) => {
    const tell = (standing: Standing) => {
      listener.stands(standing)
      resolve()
    }
    done = keepFollowing(source, () => follow(source, tell, signal), signal)
    done.then(resolve, resolve)
  })
  return { known, done }
}

type Tell = (standing: Standing) => void

async function follow(
  { client, nodeName }: Source,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const query = { resource: resources.nodes, fieldSelector: `metadata.name=${nodeName}` }
  const { items, resourceVersion } = await client.list<KubeObject>(query, signal)
  const [node] = items
  tell(node ? standingOf(node) : open)
  for await (const batch of client.watch<KubeObject>({ ...query, resourceVersion }, signal)) {
    for (const { type, object } of batch) {
      if (type !== 'BOOKMARK') tell(type === 'DELETED' ? open : standingOf(object))
    }
  }
}
