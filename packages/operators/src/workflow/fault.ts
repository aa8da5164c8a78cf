import type { Pod } from '@argosy/engine'
import { type Client, ignore, type Ref, resources } from '@argosy/kube'
import { stopPod } from './act.ts'

/** A mistake of ours, thrown while deciding: never the user's, and asking again would not help. */
export class EngineFault extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.name = 'EngineFault'
  }
}

/** Ends a workflow that we cannot go on with, so that it says why instead of hanging for ever. */
export async function failWorkflow(
  client: Client,
  workflow: Ref,
  message: string,
  now: number,
): Promise<void> {
  const finishedAt = `${new Date(now).toISOString().slice(0, 19)}Z`
  const labels = {
    'workflows.argoproj.io/completed': 'true',
    'workflows.argoproj.io/phase': 'Error',
  }
  const status = { phase: 'Error', message, finishedAt }
  const body = { metadata: { labels }, status }
  await client.patch(workflow, { type: 'merge', body }).catch(ignore('NotFound'))
  await stopPodsOf(client, workflow)
}

async function stopPodsOf(client: Client, { namespace, name }: Ref): Promise<void> {
  const { items } = await client.list<Pod>({
    resource: resources.pods,
    labelSelector: `workflows.argoproj.io/workflow=${name}`,
    ...(namespace !== undefined && { namespace }),
  })
  const atWork = items.filter(
    ({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed',
  )
  await Promise.all(
    atWork.map(({ metadata }) =>
      stopPod(client, namespace, { name: metadata.name ?? '', mode: 'deadline' }),
    ),
  )
}
