import type { Json, JsonObject } from '@argosy/engine'
import { parseQuantity } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, objectsAt, textAt } from '../table/at.ts'
import { claimSpecFlaws } from './claim-flaws.ts'
import { downwardFileFlaws } from './downward-flaws.ts'
import { label, subdomainOrEmpty } from './name-rules.ts'
import { duplicates, fileMode, localPath, moreThan, noBackSteps, oneOf, required } from './rules.ts'

/** What is wrong with a pod's volumes. */
export function volumesFlaws(spec: JsonObject, path: string): readonly Flaw[] {
  const volumes = objectsAt(spec, 'volumes')
  return [
    ...volumes.flatMap((volume, index) => volumeFlaws(volume, `${path}.volumes[${index}]`)),
    ...duplicates(
      volumes.map((volume) => volume['name']),
      (index) => `${path}.volumes[${index}].name`,
    ),
  ]
}

function volumeFlaws(volume: JsonObject, path: string): readonly Flaw[] {
  const types = Object.keys(volume).filter(
    (name) => name !== 'name' && volume[name] !== undefined && volume[name] !== null,
  )
  const [first = '', ...others] = types
  const check = Object.hasOwn(checks, first) ? checks[first] : undefined
  return [
    ...required(`${path}.name`, volume['name']),
    ...label(`${path}.name`, volume['name']),
    ...(check?.(objectAt(volume, first), `${path}.${first}`) ?? []),
    ...others.map((name) =>
      flawOf.forbidden(`${path}.${name}`, 'may not specify more than 1 volume type'),
    ),
  ]
}

type VolumeCheck = (source: JsonObject, path: string) => readonly Flaw[]

const hostPathTypes = oneOf([
  ...['', 'BlockDevice', 'CharDevice', 'Directory'],
  ...['DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'],
])

export const hostPath: VolumeCheck = (source, path) => [
  ...required(`${path}.path`, source['path']),
  ...noBackSteps(`${path}.path`, source['path']),
  ...hostPathTypes(`${path}.type`, source['type']),
]

const emptyDir: VolumeCheck = (source, path) => {
  const limit = source['sizeLimit']
  const quantity = parseQuantity(String(limit))
  if (limit === undefined || (!('error' in quantity) && quantity.nano >= 0n)) return []
  const why = 'SizeLimit field must be a valid resource quantity'
  return [flawOf.forbidden(`${path}.sizeLimit`, why)]
}

function files(name: string): VolumeCheck {
  return (source, path) => [
    ...required(`${path}.${name}`, source[name]),
    ...fileMode(`${path}.defaultMode`, source['defaultMode']),
    ...itemsFlaws(source, path),
  ]
}

function itemsFlaws(source: JsonObject, path: string): readonly Flaw[] {
  return objectsAt(source, 'items').flatMap((item, index) => {
    const here = `${path}.items[${index}]`
    return [
      ...required(`${here}.key`, item['key']),
      ...required(`${here}.path`, item['path']),
      ...ownPath(`${here}.path`, item['path']),
      ...fileMode(`${here}.mode`, item['mode']),
    ]
  })
}

// Names that begin so are the kubelet's own, for changing all files at once.
function ownPath(path: string, value: Json | undefined): readonly Flaw[] {
  const isOwn = typeof value === 'string' && value.startsWith('..') && !value.startsWith('../')
  return [
    ...localPath(path, value),
    ...(isOwn ? [flawOf.invalid(path, value, "must not start with '..'")] : []),
  ]
}

const downwardAPI: VolumeCheck = (source, path) => [
  ...fileMode(`${path}.defaultMode`, source['defaultMode']),
  // Kubernetes leaves the index out of this path.
  ...objectsAt(source, 'items').flatMap((file) => downwardFileFlaws(file, path)),
]

const projectedTypes = [
  ...['secret', 'configMap', 'downwardAPI', 'serviceAccountToken'],
  ...['clusterTrustBundle', 'podCertificate'],
]

const projected: VolumeCheck = (source, path) => {
  const sources = objectsAt(source, 'sources')
  return [
    ...fileMode(`${path}.defaultMode`, source['defaultMode']),
    ...sources.flatMap((one, index) => projectedFlaws(one, `${path}.sources[${index}]`, path)),
    ...twiceFlaws(sources, path),
  ]
}

function projectedFlaws(one: JsonObject, path: string, all: string): readonly Flaw[] {
  const given = projectedTypes.filter((name) => at(one, name) !== undefined)
  const named = ['secret', 'configMap'].filter((name) => given.includes(name))
  const token = at(one, 'serviceAccountToken')
  return [
    ...named.flatMap((name) => [
      ...required(`${path}.${name}.name`, at(one, name, 'name')),
      ...itemsFlaws(objectAt(one, name), `${path}.${name}`),
    ]),
    ...objectsAt(one, 'downwardAPI', 'items').flatMap((file) =>
      downwardFileFlaws(file, `${path}.downwardAPI`),
    ),
    ...(token === undefined
      ? []
      : tokenFlaws(objectAt(one, 'serviceAccountToken'), `${path}.serviceAccountToken`, all)),
    ...(given.length > 1
      ? [flawOf.forbidden(path, 'may not specify more than 1 volume type per source')]
      : []),
  ]
}

const longest = 2 ** 32

// Kubernetes tells of the path at the volume.
function tokenFlaws(token: JsonObject, path: string, all: string): readonly Flaw[] {
  const seconds = token['expirationSeconds']
  const here = `${path}.expirationSeconds`
  const short = 'may not specify a duration less than 10 minutes'
  const long = 'may not specify a duration larger than 2^32 seconds'
  return [
    ...moreThan(599, short)(here, seconds),
    ...(typeof seconds === 'number' && seconds > longest
      ? [flawOf.invalid(here, seconds, long)]
      : []),
    ...required(`${all}.path`, token['path']),
    ...ownPath(`${all}.path`, token['path']),
  ]
}

/** Two sources may not write one file. */
function twiceFlaws(sources: readonly JsonObject[], path: string): readonly Flaw[] {
  const seen = new Set<string>()
  return sources.flatMap((source) =>
    ['secret', 'configMap', 'downwardAPI'].flatMap((type) =>
      objectsAt(source, type, 'items').flatMap((item) => {
        const file = textAt(item, 'path')
        if (file === '' || !seen.has(file)) {
          seen.add(file)
          return []
        }
        const shown = type === 'downwardAPI' ? file : textAt(source, type, 'name')
        return [flawOf.invalid(path, shown, 'conflicting duplicate paths')]
      }),
    ),
  )
}

export const nfs: VolumeCheck = (source, path) => [
  ...required(`${path}.server`, source['server']),
  ...required(`${path}.path`, source['path']),
  ...(textAt(source, 'path').startsWith('/')
    ? []
    : [flawOf.invalid(`${path}.path`, textAt(source, 'path'), 'must be an absolute path')]),
]

const csi: VolumeCheck = (source, path) => [
  ...required(`${path}.driver`, source['driver']),
  ...subdomainOrEmpty(`${path}.driver`, source['driver']),
]

const gitRepo: VolumeCheck = (source, path) => [
  ...required(`${path}.repository`, source['repository']),
  ...localPath(`${path}.directory`, source['directory']),
]

const ephemeral: VolumeCheck = (source, path) => {
  const here = `${path}.volumeClaimTemplate`
  if (at(source, 'volumeClaimTemplate') === undefined) return [flawOf.required(here)]
  return claimSpecFlaws(objectAt(source, 'volumeClaimTemplate', 'spec'), `${here}.spec`)
}

const pullPolicies = oneOf(['Always', 'IfNotPresent', 'Never'])

const image: VolumeCheck = (source, path) => [
  ...required(`${path}.reference`, source['reference']),
  ...pullPolicies(`${path}.pullPolicy`, source['pullPolicy']),
]

const checks: Readonly<Record<string, VolumeCheck>> = {
  configMap: files('name'),
  csi,
  downwardAPI,
  emptyDir,
  ephemeral,
  gitRepo,
  hostPath,
  image,
  nfs,
  persistentVolumeClaim: (source, path) => required(`${path}.claimName`, source['claimName']),
  projected,
  secret: files('secretName'),
}
