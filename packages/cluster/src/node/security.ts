import type { Container, JsonObject, Pod } from '@argosy/engine'
import { Refusal } from './refusal.ts'

/** The user a container runs as; undefined leaves it to the runtime. The container's wish goes before the pod's. */
export function userOf(
  pod: Pod,
  container: Container,
): { readonly uid: number; readonly gid: number } | undefined {
  const wish: JsonObject = { ...pod.spec.securityContext, ...container.securityContext }
  const uid = wish.runAsUser
  const gid = wish.runAsGroup
  if (wish.runAsNonRoot === true && uid === 0) {
    throw new Refusal(
      'CreateContainerConfigError',
      "container's runAsUser breaks non-root policy",
      false,
    )
  }
  if (typeof uid !== 'number' && typeof gid !== 'number') return undefined
  return {
    uid: typeof uid === 'number' ? uid : 0,
    gid: typeof gid === 'number' ? gid : 0,
  }
}
