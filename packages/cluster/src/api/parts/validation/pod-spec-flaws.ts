import type { JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, objectsAt, textAt } from '../table/at.ts'
import { affinityFlaws } from './affinity-flaws.ts'
import { type Around, containerFlaws, samePortsFlaws } from './container-flaws.ts'
import { dnsFlaws } from './dns-flaws.ts'
import { ephemeralFlaws } from './ephemeral-flaws.ts'
import { lifecycleFlaws } from './handler-flaws.ts'
import { label, labelMap, qualifiedNameOrEmpty, subdomain } from './name-rules.ts'
import { quantityFlaws } from './resource-flaws.ts'
import { between, duplicates, oneOf, required } from './rules.ts'
import { podSecurityFlaws } from './security-flaws.ts'
import { spreadFlaws } from './spread-flaws.ts'
import { tolerationFlaws } from './toleration-flaws.ts'
import { volumesFlaws } from './volume-flaws.ts'

const restartPolicies = oneOf(['Always', 'OnFailure', 'Never'])
const preemptions = oneOf(['PreemptLowerPriority', 'Never'])
const systems = oneOf(['linux', 'windows'])
const deadline = between(1, 2147483647)

/** What is wrong with a pod's spec, or a template's. */
export function podSpecFlaws(spec: JsonObject, path: string): readonly Flaw[] {
  const around: Around = {
    volumes: new Map(objectsAt(spec, 'volumes').map((one) => [textAt(one, 'name'), one])),
    hostNetwork: spec['hostNetwork'] === true,
    isApart: spec['hostUsers'] === false,
    claims: objectsAt(spec, 'resourceClaims').map((one) => textAt(one, 'name')),
  }
  return [
    ...containersFlaws(spec, path, around),
    ...ephemeralFlaws(spec, around),
    ...volumesFlaws(spec, path),
    ...restartPolicies(`${path}.restartPolicy`, spec['restartPolicy']),
    ...dnsFlaws(spec, path),
    ...deadline(`${path}.activeDeadlineSeconds`, spec['activeDeadlineSeconds']),
    ...podSecurityFlaws(spec, path),
    ...placeFlaws(spec, path),
    ...nameFlaws(spec, path),
    ...gateFlaws(spec, path),
  ]
}

function containersFlaws(spec: JsonObject, path: string, around: Around): readonly Flaw[] {
  const mains = objectsAt(spec, 'containers')
  const inits = objectsAt(spec, 'initContainers')
  const names = [...mains, ...inits].map((one) => one['name'])
  const grace = at(spec, 'terminationGracePeriodSeconds')
  const seconds = typeof grace === 'number' ? grace : 30
  const pathOf = (index: number) =>
    index < mains.length
      ? `${path}.containers[${index}]`
      : `${path}.initContainers[${index - mains.length}]`
  return [
    ...(mains.length === 0 ? [flawOf.required(`${path}.containers`)] : []),
    ...[...mains, ...inits].flatMap((one, index) => [
      ...containerFlaws(one, pathOf(index), around),
      ...lifecycleFlaws(one, pathOf(index), seconds),
    ]),
    ...samePortsFlaws(mains, `${path}.containers`),
    ...inits.flatMap((one, index) => initFlaws(one, `${path}.initContainers[${index}]`)),
    ...duplicates(names, (index) => `${pathOf(index)}.name`),
  ]
}

function initFlaws(container: JsonObject, path: string): readonly Flaw[] {
  if (container['restartPolicy'] === 'Always') return []
  const why = 'may not be set for init containers without restartPolicy=Always'
  return ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe']
    .filter((name) => container[name] !== undefined)
    .map((name) => flawOf.forbidden(`${path}.${name}`, why))
}

/** Where it may run, and how it stands to others. */
function placeFlaws(spec: JsonObject, path: string): readonly Flaw[] {
  return [
    ...labelMap(`${path}.nodeSelector`, spec['nodeSelector']),
    ...subdomain(`${path}.nodeName`, spec['nodeName']),
    ...affinityFlaws(objectAt(spec, 'affinity'), `${path}.affinity`),
    ...spreadFlaws(spec, path),
    ...objectsAt(spec, 'tolerations').flatMap((one, index) =>
      tolerationFlaws(one, `${path}.tolerations[${index}]`),
    ),
    ...preemptions(`${path}.preemptionPolicy`, spec['preemptionPolicy']),
    ...Object.entries(objectAt(spec, 'overhead')).flatMap(([name, amount]) =>
      quantityFlaws(`${path}.overhead.limits[${name}]`, amount),
    ),
  ]
}

function nameFlaws(spec: JsonObject, path: string): readonly Flaw[] {
  const os = at(spec, 'os')
  const system = textAt(spec, 'os', 'name')
  return [
    ...label(`${path}.hostname`, spec['hostname']),
    ...label(`${path}.subdomain`, spec['subdomain']),
    ...['serviceAccountName', 'priorityClassName', 'runtimeClassName'].flatMap((name) =>
      subdomain(`${path}.${name}`, spec[name]),
    ),
    ...(os === undefined ? [] : required(`${path}.os.name`, system)),
    ...(system === '' ? [] : systems(`${path}.os`, system)),
  ]
}

/** What it waits for, before it is given a node and before it is ready. */
function gateFlaws(spec: JsonObject, path: string): readonly Flaw[] {
  const gates = objectsAt(spec, 'schedulingGates')
  const pathOf = (index: number) => `${path}.schedulingGates[${index}]`
  return [
    ...objectsAt(spec, 'readinessGates').flatMap((gate, index) =>
      qualifiedNameOrEmpty(`${path}.readinessGates[${index}].conditionType`, gate['conditionType']),
    ),
    ...gates.flatMap((gate, index) => qualifiedNameOrEmpty(pathOf(index), gate['name'])),
    ...duplicates(
      gates.map((gate) => gate['name']),
      pathOf,
    ),
  ]
}
