import { type Container, isObject, type Json, type JsonObject, type Pod } from '@argosy/engine'
import { Refusal } from './refusal.ts'
import type { ImageSpec } from './runtime.ts'

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

type Safety = Pick<
  ImageSpec,
  | 'user'
  | 'groups'
  | 'readOnlyRoot'
  | 'privileged'
  | 'mayGainPrivileges'
  | 'addCapabilities'
  | 'dropCapabilities'
  | 'unconfined'
>

/** The rights of a container that has an image, whose user it is when nobody wishes another. Throws `Refusal`. */
export function imageSecurity(pod: Pod, container: Container, imageUser: string): Safety {
  const wish: JsonObject = { ...pod.spec.securityContext, ...container.securityContext }
  if (wish.runAsNonRoot === true) refuseRoot(wish.runAsUser, imageUser)
  const user = userText(wish, imageUser)
  const capabilities = objectAt(wish.capabilities)
  return {
    ...(user !== undefined && { user }),
    groups: groupsOf(pod.spec.securityContext ?? {}),
    readOnlyRoot: wish.readOnlyRootFilesystem === true,
    privileged: wish.privileged === true,
    mayGainPrivileges: wish.allowPrivilegeEscalation !== false,
    addCapabilities: textsOf(capabilities['add']),
    dropCapabilities: textsOf(capabilities['drop']),
    unconfined: [
      ...(objectAt(wish.seccompProfile)['type'] === 'Unconfined' ? ['seccomp'] : []),
      ...(objectAt(wish.appArmorProfile)['type'] === 'Unconfined' ? ['apparmor'] : []),
    ],
  }
}

/** In the kubelet's words. */
function refuseRoot(wished: Json | undefined, imageUser: string): void {
  const [name = ''] = imageUser.split(':')
  const problem =
    wished === 0
      ? "container's runAsUser breaks non-root policy"
      : typeof wished === 'number'
        ? undefined
        : rootProblem(name)
  if (problem !== undefined) throw new Refusal('CreateContainerConfigError', problem, false)
}

function rootProblem(name: string): string | undefined {
  if (name === '' || Number(name) === 0)
    return 'container has runAsNonRoot and image will run as root'
  if (/^\d+$/.test(name)) return undefined
  return `container has runAsNonRoot and image has non-numeric user (${name}), cannot verify user is non-root`
}

function userText({ runAsUser, runAsGroup }: JsonObject, imageUser: string): string | undefined {
  if (typeof runAsGroup !== 'number')
    return typeof runAsUser === 'number' ? String(runAsUser) : undefined
  const [name = ''] = imageUser.split(':')
  return `${typeof runAsUser === 'number' ? runAsUser : name || 0}:${runAsGroup}`
}

function groupsOf({ supplementalGroups, fsGroup }: JsonObject): readonly string[] {
  const groups = [...(Array.isArray(supplementalGroups) ? supplementalGroups : []), fsGroup]
  return [...new Set(groups.filter((one) => typeof one === 'number').map(String))]
}

function objectAt(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

function textsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
