import type { KubeObject } from '@argosy/engine'
import { at, objectAt, objectsAt, textAt, textsAt } from './at.ts'
import { ageOf, columns, nameOf, type Printer } from './printer.ts'
import { quantityAt } from './quantity-text.ts'

const shortModes = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
} as const

function modesText(modes: readonly string[]): string {
  const known = Object.entries(shortModes).filter(([mode]) => modes.includes(mode))
  return known.map(([, short]) => short).join(',')
}

/** The old annotation still has a say. */
function classOf(object: KubeObject): string {
  const { annotations } = object.metadata
  return (
    annotations?.['volume.beta.kubernetes.io/storage-class'] ??
    textAt(object, 'spec', 'storageClassName')
  )
}

function phaseOf(object: KubeObject): string {
  const isGoing = object.metadata.deletionTimestamp !== undefined
  return isGoing ? 'Terminating' : textAt(object, 'status', 'phase')
}

const orUnset = (object: KubeObject, member: string): string => {
  const value = at(object, 'spec', member)
  return typeof value === 'string' ? value : '<unset>'
}

const persistentVolume: Printer = {
  columns: columns(
    'Name',
    'Capacity',
    'Access Modes',
    'Reclaim Policy',
    'Status',
    'Claim',
    'StorageClass',
    'VolumeAttributesClass',
    'Reason',
    'Age',
    '*VolumeMode',
  ),
  cells: (object, now) => [
    nameOf(object),
    quantityAt(object, 'spec', 'capacity', 'storage'),
    modesText(textsAt(object, 'spec', 'accessModes')),
    textAt(object, 'spec', 'persistentVolumeReclaimPolicy') || 'Retain',
    phaseOf(object),
    claimOf(object),
    classOf(object),
    orUnset(object, 'volumeAttributesClassName'),
    textAt(object, 'status', 'reason'),
    ageOf(object, now),
    textAt(object, 'spec', 'volumeMode') || 'Filesystem',
  ],
}

function claimOf(object: KubeObject): string {
  const claim = at(object, 'spec', 'claimRef')
  return claim === undefined ? '' : `${textAt(claim, 'namespace')}/${textAt(claim, 'name')}`
}

const persistentVolumeClaim: Printer = {
  columns: columns(
    'Name',
    'Status',
    'Volume',
    'Capacity',
    'Access Modes',
    'StorageClass',
    'VolumeAttributesClass',
    'Age',
    '*VolumeMode',
  ),
  cells: (object, now) => {
    const volume = textAt(object, 'spec', 'volumeName')
    const isBound = volume !== ''
    return [
      nameOf(object),
      phaseOf(object),
      volume,
      isBound ? quantityAt(object, 'status', 'capacity', 'storage') : '',
      isBound ? modesText(textsAt(object, 'status', 'accessModes')) : '',
      classOf(object),
      orUnset(object, 'volumeAttributesClassName'),
      ageOf(object, now),
      textAt(object, 'spec', 'volumeMode') || 'Filesystem',
    ]
  },
}

const defaultMarks = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
]

const storageClass: Printer = {
  columns: columns(
    'Name',
    'Provisioner',
    'ReclaimPolicy',
    'VolumeBindingMode',
    'AllowVolumeExpansion',
    'Age',
  ),
  cells: (object, now) => {
    const marks = objectAt(object, 'metadata', 'annotations')
    const isDefault = defaultMarks.some((name) => marks[name] === 'true')
    return [
      nameOf(object) + (isDefault ? ' (default)' : ''),
      textAt(object, 'provisioner'),
      textAt(object, 'reclaimPolicy') || 'Delete',
      textAt(object, 'volumeBindingMode') || 'Immediate',
      at(object, 'allowVolumeExpansion') === true,
      ageOf(object, now),
    ]
  },
}

const csiNode: Printer = {
  columns: columns('Name', 'Drivers:integer', 'Age'),
  cells: (object, now) => [
    nameOf(object),
    objectsAt(object, 'spec', 'drivers').length,
    ageOf(object, now),
  ],
}

export const storagePrinters: Readonly<Record<string, Printer>> = {
  CSINode: csiNode,
  PersistentVolume: persistentVolume,
  PersistentVolumeClaim: persistentVolumeClaim,
  StorageClass: storageClass,
}
