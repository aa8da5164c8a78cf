import type { JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { objectsAt, textAt } from '../table/at.ts'
import { type Around, containerFlaws } from './container-flaws.ts'
import { ephemeralFlaws } from './ephemeral-flaws.ts'
import { itemPathFlaws } from './item-path-flaws.ts'
import { duplicates, label, labelKeys, oneOf, qualifiedName, required, subdomain } from './rules.ts'

const restartPolicies = oneOf(['Always', 'OnFailure', 'Never'])
const dnsPolicies = oneOf(['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'])

/** What is wrong with a pod's spec, or a template's. */
export function podSpecFlaws(spec: JsonObject, path: string): readonly Flaw[] {
  const volumes = objectsAt(spec, 'volumes')
  const around: Around = {
    volumes: new Set(volumes.map((volume) => textAt(volume, 'name'))),
    hostNetwork: spec['hostNetwork'] === true,
  }
  return [
    ...containersFlaws(spec, path, around),
    ...ephemeralFlaws(spec, around),
    ...volumes.flatMap((volume, index) => volumeFlaws(volume, `${path}.volumes[${index}]`)),
    ...duplicates(
      volumes.map((volume) => volume['name']),
      (index) => `${path}.volumes[${index}].name`,
    ),
    ...restartPolicies(`${path}.restartPolicy`, spec['restartPolicy']),
    ...dnsPolicies(`${path}.dnsPolicy`, spec['dnsPolicy']),
    ...deadlineFlaws(spec, path),
    ...labelKeys(`${path}.nodeSelector`, spec['nodeSelector']),
    ...label(`${path}.hostname`, spec['hostname']),
    ...subdomain(`${path}.serviceAccountName`, spec['serviceAccountName']),
    ...objectsAt(spec, 'tolerations').flatMap((one, index) =>
      tolerationFlaws(one, `${path}.tolerations[${index}]`),
    ),
  ]
}

function containersFlaws(spec: JsonObject, path: string, around: Around): readonly Flaw[] {
  const mains = objectsAt(spec, 'containers')
  const inits = objectsAt(spec, 'initContainers')
  const names = [...mains, ...inits].map((one) => one['name'])
  const pathOf = (index: number) =>
    index < mains.length
      ? `${path}.containers[${index}]`
      : `${path}.initContainers[${index - mains.length}]`
  return [
    ...(mains.length === 0 ? [flawOf.required(`${path}.containers`)] : []),
    ...[...mains, ...inits].flatMap((one, index) => containerFlaws(one, pathOf(index), around)),
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

function deadlineFlaws(spec: JsonObject, path: string): readonly Flaw[] {
  const deadline = spec['activeDeadlineSeconds']
  if (typeof deadline !== 'number' || (deadline >= 1 && deadline <= 2147483647)) return []
  const why = 'must be between 1 and 2147483647, inclusive'
  return [flawOf.invalid(`${path}.activeDeadlineSeconds`, deadline, why)]
}

const mustHave: Readonly<Record<string, string>> = {
  configMap: 'name',
  hostPath: 'path',
  persistentVolumeClaim: 'claimName',
  secret: 'secretName',
}

function volumeFlaws(volume: JsonObject, path: string): readonly Flaw[] {
  const sources = Object.keys(volume).filter(
    (name) => name !== 'name' && volume[name] !== undefined && volume[name] !== null,
  )
  const [first = '', ...others] = sources
  const member = mustHave[first]
  return [
    ...required(`${path}.name`, volume['name']),
    ...label(`${path}.name`, volume['name']),
    ...(member === undefined
      ? []
      : required(`${path}.${first}.${member}`, textAt(volume, first, member))),
    ...itemPathFlaws(volume, path),
    ...others.map((name) =>
      flawOf.forbidden(`${path}.${name}`, 'may not specify more than 1 volume type'),
    ),
  ]
}

const operators = oneOf(['Equal', 'Exists'])
const effects = oneOf(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])

function tolerationFlaws(toleration: JsonObject, path: string): readonly Flaw[] {
  const { key, operator, value, effect } = toleration
  const why = "value must be empty when `operator` is 'Exists'"
  const isOdd = operator === 'Exists' && typeof value === 'string' && value !== ''
  return [
    ...qualifiedName(`${path}.key`, key),
    ...(operator === '' ? [] : operators(`${path}.operator`, operator)),
    ...(isOdd ? [flawOf.invalid(`${path}.operator`, value, why)] : []),
    ...(effect === '' ? [] : effects(`${path}.effect`, effect)),
  ]
}
