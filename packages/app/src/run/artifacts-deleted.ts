import { artifactGcDue, type Workflow } from '@argosy/engine'
import { type Client, type Clock, resources } from '@argosy/kube'

export interface Deleting {
  readonly client: Client
  readonly clock: Clock
  /** `namespace/name` of workflows that have ended. */
  readonly keys: readonly string[]
}

const lookAgainMs = 20

/** Resolves when nothing is left that artifactGC wants deleted at a workflow's end: nobody would do it after this run. */
export async function artifactsDeleted(
  { client, clock, keys }: Deleting,
  giveUp: AbortSignal,
): Promise<void> {
  for (const key of keys) {
    const [namespace = '', name = ''] = key.split('/')
    const ref = { resource: resources.workflows, namespace, name }
    while (!giveUp.aborted && isDue(await client.get<Workflow>(ref))) {
      await clock.until(clock.now() + lookAgainMs, giveUp).catch(() => undefined)
    }
  }
}

function isDue(workflow: Workflow | undefined): boolean {
  return workflow !== undefined && (artifactGcDue(workflow)?.strategies.length ?? 0) > 0
}
