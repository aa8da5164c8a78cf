import type { JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, objectsAt, textAt, textsAt } from '../table/at.ts'
import { duplicates, localPath, oneOf, required, userId } from './rules.ts'

const context = 'securityContext'
const changePolicies = oneOf(['Always', 'OnRootMismatch'])
const groupPolicies = oneOf(['Merge', 'Strict'])
const mounts = oneOf(['Default', 'Unmasked'])
const profiles = oneOf(['Localhost', 'RuntimeDefault', 'Unconfined'])

/** What is wrong with whose rights a pod's containers have together. */
export function podSecurityFlaws(spec: JsonObject, path: string): readonly Flaw[] {
  const given = objectAt(spec, context)
  const here = `${path}.${context}`
  const groups = at(given, 'supplementalGroups')
  return [
    ...idFlaws(given, here),
    ...userId(`${here}.fsGroup`, given['fsGroup']),
    ...(Array.isArray(groups) ? groups : []).flatMap((group, index) =>
      userId(`${here}.supplementalGroups[${index}]`, group),
    ),
    ...changePolicies(`${here}.fsGroupChangePolicy`, given['fsGroupChangePolicy']),
    ...groupPolicies(`${here}.supplementalGroupsPolicy`, given['supplementalGroupsPolicy']),
    ...profileFlaws(given, here),
    ...sysctlFlaws(objectsAt(given, 'sysctls'), `${here}.sysctls`, spec['hostNetwork'] === true),
    ...hostFlaws(spec, path),
  ]
}

function idFlaws(given: JsonObject, path: string): readonly Flaw[] {
  return ['runAsUser', 'runAsGroup'].flatMap((name) => userId(`${path}.${name}`, given[name]))
}

function hostFlaws(spec: JsonObject, path: string): readonly Flaw[] {
  const isShared = spec['shareProcessNamespace'] === true && spec['hostPID'] === true
  const why = 'ShareProcessNamespace and HostPID cannot both be enabled'
  const ofHost = ['hostNetwork', 'hostPID', 'hostIPC'].filter((name) => spec[name] === true)
  return [
    ...(isShared ? [flawOf.invalid(`${path}.${context}.shareProcessNamespace`, true, why)] : []),
    ...(spec['hostUsers'] === false
      ? ofHost.map((name) => flawOf.forbidden(`${path}.${name}`, 'when `hostUsers` is false'))
      : []),
  ]
}

function profileFlaws(given: JsonObject, path: string): readonly Flaw[] {
  return [
    ...seccompFlaws(given, `${path}.seccompProfile`),
    ...appArmorFlaws(given, `${path}.appArmorProfile`),
  ]
}

function seccompFlaws(given: JsonObject, path: string): readonly Flaw[] {
  const profile = at(given, 'seccompProfile')
  if (profile === undefined) return []
  const file = textAt(profile, 'localhostProfile')
  const type = at(profile, 'type')
  const here = `${path}.localhostProfile`
  if (type !== 'Localhost') {
    const shown = { Type: type ?? '', LocalhostProfile: file }
    return [
      ...required(`${path}.type`, type, 'type is required when seccompProfile is set'),
      ...profiles(`${path}.type`, type),
      ...(file === ''
        ? []
        : [flawOf.invalid(here, shown, 'can only be set when seccomp type is Localhost')]),
    ]
  }
  if (file === '') return [flawOf.required(here, 'must be set when seccomp type is Localhost')]
  return localPath(here, file)
}

function appArmorFlaws(given: JsonObject, path: string): readonly Flaw[] {
  const profile = at(given, 'appArmorProfile')
  if (profile === undefined) return []
  const file = textAt(profile, 'localhostProfile')
  const type = at(profile, 'type')
  const here = `${path}.localhostProfile`
  if (type === 'Localhost')
    return required(here, file.trim(), 'must be set when AppArmor type is Localhost')
  return [
    ...required(`${path}.type`, type, 'type is required when appArmorProfile is set'),
    ...profiles(`${path}.type`, type),
    ...(file === ''
      ? []
      : [flawOf.invalid(here, file, 'can only be set when AppArmor type is Localhost')]),
  ]
}

const sysctlName = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/
const sysctlRule =
  'must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$'

function sysctlFlaws(
  sysctls: readonly JsonObject[],
  path: string,
  isHostNetwork: boolean,
): readonly Flaw[] {
  const names = sysctls.map((one) => textAt(one, 'name'))
  const own = names.flatMap((name, index) => {
    const here = `${path}[${index}].name`
    if (name === '') return [flawOf.required(here)]
    if (name.length > 253 || !sysctlName.test(name)) return [flawOf.invalid(here, name, sysctlRule)]
    const isForeign = isHostNetwork && name.replaceAll('/', '.').startsWith('net.')
    const why = "may not be specified when 'hostNetwork' is true"
    return isForeign ? [flawOf.invalid(here, name, why)] : []
  })
  return [...own, ...duplicates(names, (index) => `${path}[${index}].name`)]
}

/** What is wrong with the rights of one container; `isApart`: its users are none of the machine's. */
export function containerSecurityFlaws(
  container: JsonObject,
  path: string,
  isApart: boolean,
): readonly Flaw[] {
  const given = objectAt(container, context)
  const here = `${path}.${context}`
  const why = '`hostUsers` must be false to use `Unmasked`'
  return [
    ...idFlaws(given, here),
    ...mounts(`${here}.procMount`, given['procMount']),
    ...(given['procMount'] === 'Unmasked' && !isApart
      ? [flawOf.invalid(`${here}.procMount`, 'Unmasked', why)]
      : []),
    ...profileFlaws(given, here),
    ...escalationFlaws(given, here),
  ]
}

function escalationFlaws(given: JsonObject, path: string): readonly Flaw[] {
  if (given['allowPrivilegeEscalation'] !== false) return []
  const begin = 'cannot set `allowPrivilegeEscalation` to false and'
  const whys = [
    given['privileged'] === true && `${begin} \`privileged\` to true`,
    textsAt(given, 'capabilities', 'add').includes('CAP_SYS_ADMIN') &&
      `${begin} \`capabilities.Add\` CAP_SYS_ADMIN`,
  ]
  return whys.filter((why) => why !== false).map((why) => flawOf.invalid(path, given, why))
}
