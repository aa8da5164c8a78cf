import type { ApiDoor } from '@argosy/cluster'
import type { Connection } from '@argosy/kube/remote'
import type { Embedded } from '../embedded.ts'
import { type PodAccess, podAccess } from '../node/pod-access.ts'

/** Upstream's controller does the work of these, with its own rights: it starts the pods of plugins, and ends them. */
const ofTheController: ReadonlySet<string> = new Set(['agent', 'plugin'])

/** What pods have of the API of a server whose node is in its own process. */
export function ownPodAccess(
  { client, clock }: Pick<Embedded, 'client' | 'clock'>,
  api: { readonly connection: Connection; readonly token: ApiDoor['token'] },
): PodAccess {
  const pods = podAccess({ ...api, clock })
  return {
    door: pods.door,
    clientFor: (pod, program, signal) =>
      ofTheController.has(program) ? client : pods.clientFor(pod, program, signal),
  }
}
