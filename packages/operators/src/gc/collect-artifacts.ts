import {
  type Artifact,
  artifactGcDone,
  artifactGcDue,
  type Doomed,
  type Workflow,
} from '@argosy/engine'
import { type Client, ignore, resources } from '@argosy/kube'

/** Deletes the bytes of an artifact that belongs to a namespace; does nothing when they are gone. */
export type Deleter = (namespace: string, artifact: Artifact, signal: AbortSignal) => Promise<void>

/** Few at a time: there may be thousands, and others need the line. */
const atOnce = 8

/**
 * Deletes what artifactGC wants gone and says so in the Workflow. A crash in between repeats deletions, which is harmless.
 * The result is false when nothing was due.
 */
export async function collectArtifacts(
  client: Client,
  workflow: Workflow,
  remove: Deleter,
  signal: AbortSignal,
): Promise<boolean> {
  const due = artifactGcDue(workflow)
  if (!due) return false
  const failures = new Map<Doomed, string>()
  const { namespace = 'default', name = '', resourceVersion } = workflow.metadata
  const rest = [...due.doomed]
  while (rest.length > 0) {
    const batch = rest.splice(0, atOnce)
    await Promise.all(
      batch.map((one) =>
        remove(namespace, one.artifact, signal).catch((error: unknown) => {
          signal.throwIfAborted()
          failures.set(one, error instanceof Error ? error.message : String(error))
        }),
      ),
    )
  }
  const body = artifactGcDone(workflow, due, failures)
  if (body.length === 0) return false
  const ref = { resource: resources.workflows, namespace, name }
  const version = resourceVersion === undefined ? {} : { resourceVersion }
  // Somebody else wrote it: the watch brings it back, and deleting twice does no harm.
  await client.patch(ref, { type: 'json', body, ...version }).catch(ignore('NotFound', 'Conflict'))
  return true
}
