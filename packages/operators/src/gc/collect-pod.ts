import { type Pod, podExpiry, type Workflow } from '@argosy/engine'
import { type Client, ignore, type Outcome, resources } from '@argosy/kube'

export interface Name {
  readonly namespace: string
  readonly name: string
}

/** Deletes a released pod once podGC wants it gone; pods that wait for their workflow's end are its business. */
export async function collectPod(
  client: Client,
  { namespace, name }: Name,
  now: number,
  signal: AbortSignal,
): Promise<Outcome | undefined> {
  const pod = await client.get<Pod>({ resource: resources.pods, namespace, name }, signal)
  return pod === undefined ? undefined : removeInTime(client, pod, undefined, now)
}

/** Deletes the pod when it is due; the outcome says when to come again. */
export async function removeInTime(
  client: Client,
  pod: Pod,
  workflow: Workflow | undefined,
  now: number,
): Promise<Outcome | undefined> {
  const at = podExpiry(pod, workflow)
  if (at === undefined || pod.metadata.deletionTimestamp !== undefined) return undefined
  if (at > now) return { wakeAt: at }
  const { namespace = '', name = '', uid } = pod.metadata
  await client
    .remove({ resource: resources.pods, namespace, name }, uid === undefined ? {} : { uid })
    .catch(ignore('NotFound', 'Conflict'))
  return undefined
}
