import type { JsonObject } from '@argosy/engine'
import { compareQuantities, parseQuantity } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, objectsAt, textAt, textsAt } from '../table/at.ts'
import { configMapFlaws, secretFlaws } from './data-flaws.ts'
import { ephemeralChangeFlaws, noEphemeral } from './ephemeral-flaws.ts'
import { podSpecFlaws } from './pod-spec-flaws.ts'
import { oneOf, required, serviceName } from './rules.ts'
import { serviceFlaws } from './service-flaws.ts'
import { workloadChecks } from './workload-flaws.ts'

type Check = (object: JsonObject, old: JsonObject | undefined, part?: string) => readonly Flaw[]

const specOf = (object: JsonObject | undefined) => objectAt(object, 'spec')

const pod: Check = (object, old, part) => {
  const spec = specOf(object)
  return [...podSpecFlaws(spec, 'spec'), ...changeFlaws(spec, old && specOf(old), part)]
}

function changeFlaws(spec: JsonObject, old: JsonObject | undefined, part: string | undefined) {
  if (old === undefined) return noEphemeral(spec, 'spec', 'cannot be set on create')
  // Of this part nothing else is written.
  if (part === 'ephemeralcontainers') return ephemeralChangeFlaws(spec, old)
  return podChangeFlaws(spec, old)
}

const podChangeRule =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

/** A pod that has no node yet may be given one: that is how it is bound here. */
function podChangeFlaws(spec: JsonObject, old: JsonObject): readonly Flaw[] {
  const unbound = textAt(old, 'nodeName') === '' ? ['nodeName'] : []
  const free = ['activeDeadlineSeconds', 'tolerations', 'terminationGracePeriodSeconds', ...unbound]
  const fixed = (from: JsonObject) => {
    const kept = Object.entries(from).filter(([name]) => !free.includes(name))
    const images = (name: string) => objectsAt(from, name).map(({ image: _, ...rest }) => rest)
    return {
      ...Object.fromEntries(kept),
      containers: images('containers'),
      initContainers: images('initContainers'),
    }
  }
  return equalJson(fixed(spec), fixed(old)) ? [] : [flawOf.forbidden('spec', podChangeRule)]
}

const service: Check = (object) => [
  ...serviceName('metadata.name', textAt(object, 'metadata', 'name')),
  ...serviceFlaws(specOf(object)),
]

const modes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']

const claim: Check = (object, old) => {
  const given = textsAt(object, 'spec', 'accessModes')
  const frozen = (from: JsonObject) => {
    const { resources: _, volumeAttributesClassName: __, volumeName: ___, ...rest } = from
    return rest
  }
  const isChanged = old !== undefined && !equalJson(frozen(specOf(object)), frozen(specOf(old)))
  const why =
    'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'
  return [
    ...(given.length === 0
      ? [flawOf.required('spec.accessModes', 'at least 1 access mode is required')]
      : given.flatMap((mode) => oneOf(modes)('spec.accessModes', mode))),
    ...storageFlaws(textAt(object, 'spec', 'resources', 'requests', 'storage')),
    ...(isChanged ? [flawOf.forbidden('spec', why)] : []),
  ]
}

function storageFlaws(storage: string): readonly Flaw[] {
  const path = 'spec.resources[storage]'
  const quantity = parseQuantity(storage)
  if (storage === '') return [flawOf.required(path)]
  if ('error' in quantity) return [flawOf.invalid(path, storage, quantity.error)]
  const zero = { nano: 0n, format: quantity.format }
  if (compareQuantities(quantity, zero) > 0) return []
  return [flawOf.invalid(path, storage, 'must be greater than zero')]
}

const binding: Check = (object, old) => {
  const { apiGroup, kind, name } = objectAt(object, 'roleRef')
  const isChanged = old !== undefined && !equalJson(at(object, 'roleRef'), at(old, 'roleRef'))
  const shown = { APIGroup: apiGroup, Kind: kind, Name: name } as JsonObject
  return [
    ...oneOf(['Role', 'ClusterRole'])('roleRef.kind', kind),
    ...required('roleRef.name', name),
    ...objectsAt(object, 'subjects').flatMap((subject, index) =>
      subjectFlaws(subject, `subjects[${index}]`),
    ),
    ...(isChanged ? [flawOf.invalid('roleRef', shown, 'cannot change roleRef')] : []),
  ]
}

function subjectFlaws(subject: JsonObject, path: string): readonly Flaw[] {
  const kinds = oneOf(['ServiceAccount', 'User', 'Group'])
  return [...required(`${path}.name`, subject['name']), ...kinds(`${path}.kind`, subject['kind'])]
}

const cronJobName: Check = (object) => {
  const name = textAt(object, 'metadata', 'name')
  if (name.length <= 52) return []
  return [flawOf.invalid('metadata.name', name, 'must be no more than 52 characters')]
}

const checks: Readonly<Record<string, Check>> = {
  ClusterRoleBinding: binding,
  ConfigMap: configMapFlaws,
  CronJob: cronJobName,
  PersistentVolumeClaim: claim,
  Pod: pod,
  RoleBinding: binding,
  Secret: secretFlaws,
  Service: service,
}

/**
 * What is wrong with a built-in object, in Kubernetes' words; `old` is there when it is an update. It has its defaults
 * already, and `part` is what of it is written, if not all of it. Names and labels are checked for all kinds elsewhere; kinds that are not known here have no flaws.
 */
export function builtInFlaws(object: JsonObject, old?: JsonObject, part?: string): readonly Flaw[] {
  const { apiVersion, kind } = object
  const group = String(apiVersion).includes('/') ? String(apiVersion).split('/', 1)[0] : ''
  if (group?.includes('.') && !group.endsWith('.k8s.io')) return []
  const name = String(kind)
  const own = Object.hasOwn(checks, name) ? checks[name] : undefined
  const spec = Object.hasOwn(workloadChecks, name) ? workloadChecks[name] : undefined
  return [
    ...(own?.(object, old, part) ?? []),
    ...(spec?.(specOf(object), old && specOf(old)) ?? []),
  ]
}
