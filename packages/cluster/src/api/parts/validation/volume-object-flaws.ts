import type { JsonObject } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, objectsAt, textAt, textsAt } from '../table/at.ts'
import { storageFlaws } from './claim-flaws.ts'
import { qualifiedName, subdomain } from './name-rules.ts'
import { immutable, noBackSteps, oneOf, required } from './rules.ts'
import { nodeSelectorFlaws } from './selector-flaws.ts'
import { hostPath, nfs } from './volume-flaws.ts'

const accessModes = oneOf(['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'])
const volumeModes = oneOf(['Block', 'Filesystem'])
const reclaims = oneOf(['Delete', 'Recycle', 'Retain'])

const sources = [
  ...['awsElasticBlockStore', 'azureDisk', 'azureFile', 'cephfs', 'cinder', 'csi', 'fc'],
  ...['flexVolume', 'flocker', 'gcePersistentDisk', 'glusterfs', 'hostPath', 'iscsi', 'local'],
  ...['nfs', 'photonPersistentDisk', 'portworxVolume', 'quobyte', 'rbd', 'scaleIO', 'storageos'],
  'vsphereVolume',
]

/** What is wrong with a PersistentVolume's spec. */
export function volumeObjectFlaws(spec: JsonObject, old: JsonObject | undefined): readonly Flaw[] {
  const mustMatch = at(spec, 'nodeAffinity', 'required')
  return [
    ...capacityFlaws(spec),
    ...(textsAt(spec, 'accessModes').length === 0 ? [flawOf.required('spec.accessModes')] : []),
    ...textsAt(spec, 'accessModes').flatMap((mode) => accessModes('spec.accessModes', mode)),
    ...(isOnlyOnePod(textsAt(spec, 'accessModes'))
      ? []
      : [
          flawOf.forbidden(
            'spec.accessModes',
            'may not use ReadWriteOncePod with other access modes',
          ),
        ]),
    ...volumeModes('spec.volumeMode', spec['volumeMode']),
    ...reclaims('spec.persistentVolumeReclaimPolicy', spec['persistentVolumeReclaimPolicy']),
    ...subdomain('spec.storageClassName', spec['storageClassName']),
    ...sourceFlaws(spec),
    ...(mustMatch === undefined
      ? []
      : nodeSelectorFlaws(
          objectAt(spec, 'nodeAffinity', 'required'),
          'spec.nodeAffinity.required',
        )),
    ...(old ? changeFlaws(spec, old) : []),
  ]
}

function capacityFlaws(spec: JsonObject): readonly Flaw[] {
  const capacity = at(spec, 'capacity')
  const names = Object.keys(capacity ?? {})
  const isOdd = !names.includes('storage') || names.length > 1
  const storage = textAt(spec, 'capacity', 'storage')
  return [
    ...(names.length === 0 ? [flawOf.required('spec.capacity')] : []),
    ...(isOdd ? [flawOf.notSupported('spec.capacity', capacity ?? null, ['storage'])] : []),
    ...(storage === '' ? [] : storageFlaws(storage, 'spec.capacity[storage]')),
  ]
}

function sourceFlaws(spec: JsonObject): readonly Flaw[] {
  const [first, ...others] = sources.filter((name) => at(spec, name) !== undefined)
  if (first === undefined) return [flawOf.required('spec', 'must specify a volume type')]
  const source = objectAt(spec, first)
  const path = `spec.${first}`
  const isRoot = first === 'hostPath' && source['path'] === '/'
  const isWiped = isRoot && spec['persistentVolumeReclaimPolicy'] === 'Recycle'
  const wiped = "may not be 'recycle' for a hostPath mount of '/'"
  return [
    ...(first === 'hostPath' ? hostPath(source, path) : []),
    ...(first === 'nfs' ? nfs(source, path) : []),
    ...(first === 'local' ? localFlaws(spec, source) : []),
    ...(first === 'csi' ? required(`${path}.volumeHandle`, source['volumeHandle']) : []),
    ...(isWiped ? [flawOf.forbidden('spec.persistentVolumeReclaimPolicy', wiped)] : []),
    ...others.map((name) =>
      flawOf.forbidden(`spec.${name}`, 'may not specify more than 1 volume type'),
    ),
  ]
}

function localFlaws(spec: JsonObject, source: JsonObject): readonly Flaw[] {
  const isAnywhere = at(spec, 'nodeAffinity', 'required') === undefined
  const why = 'Local volume requires node affinity'
  return [
    ...required('spec.local.path', source['path']),
    ...noBackSteps('spec.local.path', source['path']),
    ...(isAnywhere ? [flawOf.required('spec.nodeAffinity', why)] : []),
  ]
}

function changeFlaws(spec: JsonObject, old: JsonObject): readonly Flaw[] {
  const sourceOf = (from: JsonObject) =>
    Object.fromEntries(sources.map((name) => [name, at(from, name) ?? null]))
  const path = 'spec.persistentvolumesource'
  const where = at(old, 'nodeAffinity')
  const isMoved = where !== undefined && !equalJson(at(spec, 'nodeAffinity') ?? null, where)
  const why = 'field is immutable, except for updating from beta label to GA'
  return [
    ...(equalJson(sourceOf(spec), sourceOf(old))
      ? []
      : [flawOf.forbidden(path, `${path} is immutable after creation`)]),
    ...immutable('spec.volumeMode', spec['volumeMode'], old['volumeMode']),
    ...(isMoved ? [flawOf.invalid('nodeAffinity', at(spec, 'nodeAffinity') ?? null, why)] : []),
  ]
}

const classReclaims = oneOf(['Delete', 'Retain'])
const bindings = oneOf(['Immediate', 'WaitForFirstConsumer'])

/** What is wrong with a StorageClass. */
export function storageClassFlaws(
  object: JsonObject,
  old: JsonObject | undefined,
): readonly Flaw[] {
  const { provisioner } = object
  const terms = objectsAt(object, 'allowedTopologies')
  return [
    ...required('provisioner', provisioner),
    ...qualifiedName('provisioner', provisioner ?? ''),
    ...(Object.hasOwn(objectAt(object, 'parameters'), '')
      ? [flawOf.invalid('parameters', '', 'field can not be empty.')]
      : []),
    ...classReclaims('reclaimPolicy', object['reclaimPolicy']),
    ...bindings('volumeBindingMode', object['volumeBindingMode']),
    ...terms.flatMap((term, index) =>
      objectsAt(term, 'matchLabelExpressions').flatMap((one, at) => {
        const path = `allowedTopologies[${index}].matchLabelExpressions[${at}].values`
        return textsAt(one, 'values').length === 0 ? [flawOf.required(path)] : []
      }),
    ),
    ...(old ? classChangeFlaws(object, old) : []),
  ]
}

function classChangeFlaws(object: JsonObject, old: JsonObject): readonly Flaw[] {
  const changed = ['parameters', 'provisioner', 'reclaimPolicy'].filter(
    (name) => !equalJson(at(object, name) ?? null, at(old, name) ?? null),
  )
  return [
    ...changed.map((name) => flawOf.forbidden(name, `updates to ${name} are forbidden.`)),
    ...immutable('volumeBindingMode', object['volumeBindingMode'], old['volumeBindingMode']),
  ]
}

function isOnlyOnePod(modes: readonly string[]): boolean {
  return modes.length < 2 || !modes.includes('ReadWriteOncePod')
}
