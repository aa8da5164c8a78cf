import type { JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, textAt } from '../table/at.ts'
import { qualifiedNameOrEmpty } from './name-rules.ts'
import { fileMode, localPath, required } from './rules.ts'

/** Where what a pod says of itself is to be read. */
type Place = 'env' | 'volume'

const ofBoth = ['metadata.name', 'metadata.namespace', 'metadata.uid']
const supported: Readonly<Record<Place, readonly string[]>> = {
  env: [
    ...ofBoth,
    ...['spec.nodeName', 'spec.serviceAccountName'],
    ...['status.hostIP', 'status.hostIPs', 'status.podIP', 'status.podIPs'],
  ],
  volume: ['metadata.annotations', 'metadata.labels', ...ofBoth],
}
const known = new Set([
  ...supported.env,
  ...supported.volume,
  ...['spec.host', 'spec.restartPolicy', 'spec.schedulerName', 'status.phase'],
])

/** What is wrong with a reference to one of the pod's own fields. */
export function fieldRefFlaws(ref: JsonObject, path: string, place: Place): readonly Flaw[] {
  const field = textAt(ref, 'fieldPath')
  const version = textAt(ref, 'apiVersion')
  const here = `${path}.fieldPath`
  if (field === '') return [flawOf.required(here)]
  const begin = 'error converting fieldPath:'
  if (version !== '' && version !== 'v1')
    return [flawOf.invalid(here, field, `${begin} unsupported pod version: ${version}`)]
  const [, from, key] = /^(metadata\.(?:labels|annotations))\['(.*)'\]$/.exec(field) ?? []
  if (key !== undefined)
    return qualifiedNameOrEmpty(path, from === 'metadata.labels' ? key : key.toLowerCase())
  if (!known.has(field))
    return [flawOf.invalid(here, field, `${begin} field label not supported: ${field}`)]
  if (supported[place].includes(field)) return []
  return [flawOf.notSupported(here, field, supported[place])]
}

const amounts = ['cpu', 'ephemeral-storage', 'memory']
const resources = ['limits', 'requests'].flatMap((of) => amounts.map((name) => `${of}.${name}`))
const sizes = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const divisors: Readonly<Record<string, readonly string[]>> = {
  cpu: ['1m', '1'],
  memory: sizes.map((size) => `1${size}`),
  'ephemeral-storage': sizes.map((size) => `1${size}`),
}

/** What is wrong with a reference to what a container asks for. */
export function resourceRefFlaws(ref: JsonObject, path: string, place: Place): readonly Flaw[] {
  const resource = textAt(ref, 'resource')
  const isHuge = /^(limits|requests)\.hugepages-/.test(resource)
  if (place === 'volume' && textAt(ref, 'containerName') === '')
    return [flawOf.required(`${path}.containerName`), ...divisorFlaws(ref, path)]
  if (resource === '') return [flawOf.required(`${path}.resource`)]
  if (!resources.includes(resource) && !isHuge)
    return [flawOf.notSupported(`${path}.resource`, resource, resources)]
  return divisorFlaws(ref, path)
}

function divisorFlaws(ref: JsonObject, path: string): readonly Flaw[] {
  const resource = textAt(ref, 'resource')
  const divisor = textAt(ref, 'divisor')
  const name = resource.slice(resource.indexOf('.') + 1)
  const fine = divisors[name]
  if (fine === undefined || ['', '0', ...fine].includes(divisor)) return []
  const which = name === 'ephemeral-storage' ? 'local ephemeral storage' : name
  const list = name === 'cpu' ? '1m and 1' : fine.join(', ')
  const why = `only divisor's values ${list} are supported with the ${which} resource`
  return [flawOf.invalid(`${path}.divisor`, resource, why)]
}

/** What is wrong with a file that says something of its pod. */
export function downwardFileFlaws(file: JsonObject, path: string): readonly Flaw[] {
  const [field, resource] = [at(file, 'fieldRef'), at(file, 'resourceFieldRef')]
  const both = 'fieldRef and resourceFieldRef can not be specified simultaneously'
  const none = 'one of fieldRef and resourceFieldRef is required'
  return [
    ...required(`${path}.path`, file['path']),
    ...localPath(`${path}.path`, file['path']),
    ...fileMode(`${path}.mode`, file['mode']),
    ...(field === undefined
      ? []
      : fieldRefFlaws(objectAt(file, 'fieldRef'), `${path}.fieldRef`, 'volume')),
    ...(field !== undefined && resource !== undefined
      ? [flawOf.invalid(path, 'resource', both)]
      : []),
    ...(field === undefined && resource !== undefined
      ? resourceRefFlaws(objectAt(file, 'resourceFieldRef'), `${path}.resourceFieldRef`, 'volume')
      : []),
    ...(field === undefined && resource === undefined ? [flawOf.required(path, none)] : []),
  ]
}
