import { type Decision, notCreated, type ObjectMeta, type Pod, type PodStop } from '@argosy/engine'
import { type Client, ignore, type Ref, resources, StatusError } from '@argosy/kube'
import { ensure, remove, type Unmade } from './dependents.ts'

/** What became of a decision. */
export interface Acted {
  /** The Workflow's version now; undefined when nothing was written to it. */
  readonly resourceVersion: string | undefined
  /** Pods that the server will never take, with its reason in their status: the engine sees them as failed. */
  readonly refused: readonly Pod[]
  /** Something beside the pods that the server will never take: nothing of the decision has been acted on. */
  readonly unmade?: Unmade
}

/**
 * Makes a decision true. Everything is submitted in one turn of the event loop, pods before the Workflow's own patch,
 * so that it may share one commit and a crash never leaves a status that speaks of pods nobody asked for.
 * Throws `Conflict` when somebody else has written the Workflow, and whatever may pass by itself.
 */
export async function act(
  client: Client,
  workflow: Ref,
  resourceVersion: string,
  decision: Decision,
): Promise<Acted> {
  const { namespace } = workflow
  if (decision.ensure !== undefined) {
    const unmade = await ensure(client, decision.ensure)
    if (unmade !== undefined) return { resourceVersion: undefined, refused: [], unmade }
  }
  const write = () =>
    decision.ops.length === 0
      ? undefined
      : client.patch(workflow, { type: 'json', body: decision.ops, resourceVersion })
  // Who takes a lock says so first: a crash must leave no pod whose lock another one is given.
  const first = decision.locked === true ? await write() : undefined
  const created = decision.create.map((pod) => createPod(client, pod))
  const stopped = [
    ...decision.stop.map((stop) => stopPod(client, namespace, stop)),
    ...decision.release.map((name) => releasePod(client, namespace, name)),
    ...(decision.remove ? [remove(client, namespace, decision.remove)] : []),
  ]
  const patched = decision.locked === true ? undefined : write()
  const [refused, , meta] = await settled(Promise.all(created), Promise.all(stopped), patched)
  return {
    resourceVersion: (first ?? meta)?.resourceVersion,
    refused: refused.filter((pod) => pod !== undefined),
  }
}

/** Waits for all three before the first failure counts: nothing may go on behind a retry's back. */
async function settled<A, B>(
  pods: Promise<A>,
  stops: Promise<B>,
  patch: Promise<ObjectMeta> | undefined,
): Promise<readonly [A, B, ObjectMeta | undefined]> {
  await Promise.allSettled([pods, stops, patch])
  return [await pods, await stops, await patch]
}

/** A pod that is there already is the right one: its name derives from its node. */
async function createPod(client: Client, pod: Pod): Promise<Pod | undefined> {
  try {
    await client.create(resources.pods, pod)
    return undefined
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    if (error.reason === 'AlreadyExists') return undefined
    // argo: what a quota has no room for now may fit later.
    if (!final.has(error.reason) || error.message.includes('exceeded quota')) throw error
    return { ...pod, status: { phase: 'Failed', reason: notCreated, message: error.message } }
  }
}

/** Asking again would not help. */
const final: ReadonlySet<string> = new Set([
  'BadRequest',
  'Forbidden',
  'Invalid',
  'MethodNotAllowed',
  'NotFound',
  'RequestEntityTooLarge',
])

const released = { metadata: { labels: { 'workflows.argoproj.io/completed': 'true' } } }

async function releasePod(
  client: Client,
  namespace: string | undefined,
  name: string,
): Promise<void> {
  const ref = { resource: resources.pods, name, ...(namespace !== undefined && { namespace }) }
  await client.patch(ref, { type: 'merge', body: released }).catch(ignore('NotFound'))
}

export async function stopPod(
  client: Client,
  namespace: string | undefined,
  { name, mode }: PodStop,
): Promise<void> {
  const ref = { resource: resources.pods, name, ...(namespace !== undefined && { namespace }) }
  const gone = ignore('NotFound', 'Conflict')
  if (mode === 'delete') return client.remove(ref).catch(gone)
  const body = { spec: { activeDeadlineSeconds: 1 } }
  const stopped = await client.patch(ref, { type: 'merge', body }).catch(gone)
  const pod = stopped && (await client.get<Pod>(ref))
  // Its deadline is heeded by its node; while it has none, nobody would. argo: a pod that is pending is deleted.
  if (pod && !pod.spec.nodeName) await client.remove(ref, uidOf(pod)).catch(gone)
}

function uidOf({ metadata: { uid } }: Pod): { readonly uid?: string } {
  return uid === undefined ? {} : { uid }
}
