import type { Pod, Workflow } from '@argosy/engine'
import { type Client, type Clock, ignore, resources, type WatchEvent } from '@argosy/kube'

const unfinished = 'workflows.argoproj.io/completed!=true'

/** As `argo terminate`: steps get SIGTERM and their grace period, nothing new starts, exit handlers neither. */
export async function terminate(client: Client, keys: readonly string[]): Promise<void> {
  const { items } = await client.list<Workflow>({
    resource: resources.workflows,
    labelSelector: unfinished,
  })
  const open = items.filter(({ metadata }) =>
    keys.includes(`${metadata.namespace}/${metadata.name}`),
  )
  const body = { spec: { shutdown: 'Terminate' } }
  await Promise.all(
    open.map(({ metadata }) => {
      const { namespace = '', name = '' } = metadata
      const ref = { resource: resources.workflows, namespace, name }
      return client.patch(ref, { type: 'merge', body }).catch(ignore('NotFound'))
    }),
  )
}

/** SIGKILL for everything, now. Resolves when it is gone, or has not gone in two seconds. */
export async function kill(client: Client, clock: Clock): Promise<void> {
  const { items, resourceVersion } = await client.list<Pod>({ resource: resources.pods })
  const atWork = items.filter(({ status }) => !isOver(status?.phase))
  const left = new Set(atWork.map(({ metadata }) => metadata.uid))
  const patience = new AbortController()
  const enough = clock.until(clock.now() + 2000).then(() => patience.abort())
  const gone = watchGone(client, resourceVersion, left, patience.signal)
  for (const { metadata } of atWork) {
    const { namespace = '', name = '' } = metadata
    await client
      .remove({ resource: resources.pods, namespace, name }, { gracePeriodSeconds: 0 })
      .catch(ignore('NotFound'))
  }
  if (left.size > 0) await Promise.race([gone, enough])
  patience.abort()
}

async function watchGone(
  client: Client,
  resourceVersion: string,
  left: Set<string | undefined>,
  signal: AbortSignal,
): Promise<void> {
  const query = { resource: resources.pods, resourceVersion }
  try {
    for await (const batch of client.watch<Pod>(query, signal)) {
      for (const event of batch) if (hasGone(event)) left.delete(event.object.metadata.uid)
      if (left.size === 0) return
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

function hasGone({ type, object }: WatchEvent<Pod>): boolean {
  return type === 'DELETED' || isOver(object.status?.phase)
}

function isOver(phase: string | undefined): boolean {
  return phase === 'Succeeded' || phase === 'Failed'
}
