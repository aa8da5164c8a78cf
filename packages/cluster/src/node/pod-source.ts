import type { Pod } from '@argosy/engine'
import { type Client, type Clock, resources } from '@argosy/kube'
import { Foresight } from './foresight.ts'
import { keepFollowing } from './keep-following.ts'

/** Who is told of pods. */
export interface PodListener {
  /** All pods there are, first and whenever changes may have been missed. */
  replaced(pods: readonly Pod[]): Promise<void>
  changed(pod: Pod): void
  removed(pod: Pod): void
  /** A pod on its way to the disk: `changed` tells of it when it is there. */
  foreseen(pod: Pod): void
  /** All changes of one commit have been told. */
  told(): void
}

interface Source {
  readonly client: Client
  readonly clock: Clock
  /** Only pods that are bound to this node; default: all. */
  readonly boundTo?: string | undefined
  /** Told of what should not have happened; it is tried again. */
  readonly warn: (error: unknown) => void
}

/** Tells `listener` of pods until `signal` aborts; starts over when the server lost or cut the thread. */
export function watchPods(
  source: Source,
  listener: PodListener,
  signal: AbortSignal,
): Promise<void> {
  return keepFollowing(source, () => follow(source, listener, signal), signal)
}

async function follow(
  { client, boundTo }: Source,
  listener: PodListener,
  signal: AbortSignal,
): Promise<void> {
  const query = {
    resource: resources.pods,
    ...(boundTo !== undefined && { fieldSelector: `spec.nodeName=${boundTo}` }),
  }
  // What was foreseen is in this list, or gone for good.
  const { items, resourceVersion } = await client.list<Pod>({ ...query, early: true }, signal)
  await listener.replaced(items)
  const over = new AbortController()
  const foresight = new Foresight(client, { ...query, resourceVersion }, listener)
  const foreseeing = foresight.run(AbortSignal.any([signal, over.signal]))
  try {
    for await (const batch of client.watch<Pod>({ ...query, resourceVersion }, signal)) {
      for (const { type, object, resourceVersion } of batch) {
        foresight.heard(resourceVersion)
        if (type === 'DELETED') listener.removed(object)
        else if (type !== 'BOOKMARK') listener.changed(object)
      }
      listener.told()
    }
  } finally {
    over.abort()
    await foreseeing
  }
}
