import type { JsonObject } from '@argosy/engine'
import { at, objectAt, objectsAt, textAt, textsAt } from '../parts/table/at.ts'

export type SecurityLevel = 'privileged' | 'baseline' | 'restricted'

/** What a pod's spec has against a level of Kubernetes' Pod Security Standards, in its words. */
export function securityFlaws(spec: JsonObject, level: SecurityLevel): readonly string[] {
  if (level === 'privileged') return []
  const baseline = baselineChecks.flatMap((check) => check(spec))
  if (level === 'baseline') return baseline
  return [...baseline, ...restrictedChecks.flatMap((check) => check(spec))]
}

type Check = (spec: JsonObject) => readonly string[]

function containersOf(spec: JsonObject): readonly JsonObject[] {
  const lists = ['initContainers', 'containers', 'ephemeralContainers']
  return lists.flatMap((list) => objectsAt(spec, list))
}

/** `container "a"` or `containers "a", "b"`. */
function named(containers: readonly JsonObject[]): string {
  const names = containers.map((one) => JSON.stringify(textAt(one, 'name'))).join(', ')
  return `${containers.length === 1 ? 'container' : 'containers'} ${names}`
}

function each(
  spec: JsonObject,
  isWrong: (container: JsonObject) => boolean,
  say: (which: string) => string,
): readonly string[] {
  const wrong = containersOf(spec).filter(isWrong)
  return wrong.length === 0 ? [] : [say(named(wrong))]
}

const hostNamespaces: Check = (spec) => {
  const shared = ['hostNetwork', 'hostPID', 'hostIPC'].filter((name) => spec[name] === true)
  return shared.length === 0
    ? []
    : [`host namespaces (${shared.map((name) => `${name}=true`).join(', ')})`]
}

const privileged: Check = (spec) =>
  each(
    spec,
    (one) => at(one, 'securityContext', 'privileged') === true,
    (which) => `privileged (${which} must not set securityContext.privileged=true)`,
  )

const harmless = new Set([
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD'],
  ...['NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
])

const capabilities: Check = (spec) =>
  each(
    spec,
    (one) =>
      textsAt(one, 'securityContext', 'capabilities', 'add').some((name) => !harmless.has(name)),
    (which) =>
      `non-default capabilities (${which} must not include ${added(spec)} in securityContext.capabilities.add)`,
  )

function added(spec: JsonObject): string {
  const names = containersOf(spec).flatMap((one) =>
    textsAt(one, 'securityContext', 'capabilities', 'add').filter((name) => !harmless.has(name)),
  )
  return [...new Set(names)].map((name) => JSON.stringify(name)).join(', ')
}

function volumesWith(spec: JsonObject, isWrong: (volume: JsonObject) => boolean): string {
  const names = objectsAt(spec, 'volumes').filter(isWrong)
  const list = names.map((one) => JSON.stringify(textAt(one, 'name'))).join(', ')
  return names.length === 0 ? '' : `${names.length === 1 ? 'volume' : 'volumes'} ${list}`
}

const hostPaths: Check = (spec) => {
  const which = volumesWith(spec, (volume) => volume['hostPath'] !== undefined)
  return which === '' ? [] : [`hostPath volumes (${which})`]
}

const hostPorts: Check = (spec) =>
  each(
    spec,
    (one) => objectsAt(one, 'ports').some(({ hostPort }) => Number(hostPort ?? 0) !== 0),
    (which) => `hostPort (${which} uses a hostPort)`,
  )

const procMounts: Check = (spec) =>
  each(
    spec,
    (one) => !['', 'Default'].includes(textAt(one, 'securityContext', 'procMount')),
    (which) => `procMount (${which} must not set securityContext.procMount)`,
  )

const safeSysctls = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
])

const sysctls: Check = (spec) => {
  const names = objectsAt(spec, 'securityContext', 'sysctls').map((one) => textAt(one, 'name'))
  const forbidden = names.filter((name) => !safeSysctls.has(name))
  return forbidden.length === 0 ? [] : [`forbidden sysctls (${forbidden.join(', ')})`]
}

const unconfined: Check = (spec) => {
  const flaws = each(
    spec,
    (one) => textAt(one, 'securityContext', 'seccompProfile', 'type') === 'Unconfined',
    (which) =>
      `seccompProfile (${which} must not set securityContext.seccompProfile.type to "Unconfined")`,
  )
  const isPod = textAt(spec, 'securityContext', 'seccompProfile', 'type') === 'Unconfined'
  const why =
    'seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")'
  return isPod ? [why, ...flaws] : flaws
}

const baselineChecks: readonly Check[] = [
  hostNamespaces,
  privileged,
  capabilities,
  hostPaths,
  hostPorts,
  procMounts,
  sysctls,
  unconfined,
]

const escalation: Check = (spec) =>
  each(
    spec,
    (one) => at(one, 'securityContext', 'allowPrivilegeEscalation') !== false,
    (which) =>
      `allowPrivilegeEscalation != false (${which} must set securityContext.allowPrivilegeEscalation=false)`,
  )

const dropped: Check = (spec) =>
  each(
    spec,
    (one) => {
      const given = ['securityContext', 'capabilities'] as const
      const keeps = !textsAt(one, ...given, 'drop').includes('ALL')
      return keeps || textsAt(one, ...given, 'add').some((name) => name !== 'NET_BIND_SERVICE')
    },
    (which) =>
      `unrestricted capabilities (${which} must set securityContext.capabilities.drop=["ALL"])`,
  )

const volumeSources = new Set([
  ...['name', 'configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral'],
  ...['image', 'persistentVolumeClaim', 'projected', 'secret'],
])

const volumeTypes: Check = (spec) => {
  const which = volumesWith(spec, (volume) =>
    Object.keys(volume).some((name) => !volumeSources.has(name)),
  )
  return which === '' ? [] : [`restricted volume types (${which})`]
}

/** What a pod says for all its containers, unless they say otherwise. */
function setting(spec: JsonObject, container: JsonObject, ...path: readonly string[]) {
  return at(container, 'securityContext', ...path) ?? at(objectAt(spec, 'securityContext'), ...path)
}

const nonRoot: Check = (spec) =>
  each(
    spec,
    (one) => setting(spec, one, 'runAsNonRoot') !== true,
    (which) => `runAsNonRoot != true (pod or ${which} must set securityContext.runAsNonRoot=true)`,
  )

const rootUser: Check = (spec) =>
  each(
    spec,
    (one) => setting(spec, one, 'runAsUser') === 0,
    (which) => `runAsUser=0 (${which} must not set runAsUser=0)`,
  )

const seccomp: Check = (spec) =>
  each(
    spec,
    (one) =>
      !['RuntimeDefault', 'Localhost'].includes(
        String(setting(spec, one, 'seccompProfile', 'type') ?? ''),
      ),
    (which) =>
      `seccompProfile (pod or ${which} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")`,
  )

const restrictedChecks: readonly Check[] = [
  escalation,
  dropped,
  volumeTypes,
  nonRoot,
  rootUser,
  seccomp,
]
