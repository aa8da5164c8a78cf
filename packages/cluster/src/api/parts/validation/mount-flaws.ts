import type { JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectsAt, textAt } from '../table/at.ts'
import { localPath, noBackSteps, oneOf, required } from './rules.ts'

/** The volumes of a pod by their names. */
export type Volumes = ReadonlyMap<string, JsonObject>

const propagations = oneOf(['Bidirectional', 'HostToContainer', 'None'])
const recursions = oneOf(['Disabled', 'Enabled', 'IfPossible'])

/** What is wrong with where a container sees which volume. */
export function mountFlaws(container: JsonObject, path: string, volumes: Volumes): readonly Flaw[] {
  const paths = new Set<string>()
  const isPrivileged = at(container, 'securityContext', 'privileged') === true
  const mounts = objectsAt(container, 'volumeMounts').flatMap((mount, index) => {
    const here = `${path}.volumeMounts[${index}]`
    const where = textAt(mount, 'mountPath')
    const isTwice = paths.has(where)
    paths.add(where)
    return [
      ...volumeNameFlaws(mount, here, volumes),
      ...required(`${here}.mountPath`, where),
      ...(isTwice ? [flawOf.invalid(`${here}.mountPath`, where, 'must be unique')] : []),
      ...partFlaws(mount, here, `${path}.volumeMounts`),
      ...mannerFlaws(mount, `${path}.volumeMounts`, isPrivileged),
    ]
  })
  return [...mounts, ...deviceFlaws(container, `${path}.volumeDevices`, volumes)]
}

function volumeNameFlaws(mount: JsonObject, path: string, volumes: Volumes): readonly Flaw[] {
  const name = textAt(mount, 'name')
  if (name === '') return [flawOf.required(`${path}.name`)]
  return volumes.has(name) ? [] : [flawOf.notFound(`${path}.name`, name)]
}

// Kubernetes leaves the index out of these paths.
function partFlaws(mount: JsonObject, path: string, all: string): readonly Flaw[] {
  const [part, expression] = [textAt(mount, 'subPath'), textAt(mount, 'subPathExpr')]
  const why = 'subPathExpr and subPath are mutually exclusive'
  return [
    ...localPath(`${all}.subPath`, part),
    ...localPath(`${all}.subPathExpr`, expression),
    ...(part !== '' && expression !== ''
      ? [flawOf.invalid(`${path}.subPathExpr`, expression, why)]
      : []),
  ]
}

function mannerFlaws(mount: JsonObject, all: string, isPrivileged: boolean): readonly Flaw[] {
  const { mountPropagation, recursiveReadOnly, readOnly } = mount
  const isTooMuch = mountPropagation === 'Bidirectional' && !isPrivileged
  const why = 'Bidirectional mount propagation is available only to privileged containers'
  const isOdd =
    (recursiveReadOnly === 'Enabled' || recursiveReadOnly === 'IfPossible') && readOnly !== true
  const here = `${all}.recursiveReadOnly`
  return [
    ...propagations(`${all}.mountPropagation`, mountPropagation),
    ...(isTooMuch ? [flawOf.forbidden(`${all}.mountPropagation`, why)] : []),
    ...recursions(here, recursiveReadOnly),
    ...(isOdd ? [flawOf.forbidden(here, 'may only be specified when readOnly is true')] : []),
  ]
}

const ofBlocks = ['persistentVolumeClaim', 'ephemeral']

function deviceFlaws(container: JsonObject, path: string, volumes: Volumes): readonly Flaw[] {
  return objectsAt(container, 'volumeDevices').flatMap((device, index) => {
    const here = `${path}[${index}]`
    const name = textAt(device, 'name')
    const volume = volumes.get(name)
    const isOdd = volume && !ofBlocks.some((type) => volume[type] !== undefined)
    const why =
      'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode'
    return [
      ...volumeNameFlaws(device, here, volumes),
      ...(isOdd ? [flawOf.invalid(`${here}.name`, name, why)] : []),
      ...required(`${here}.devicePath`, device['devicePath']),
      ...noBackSteps(`${here}.devicePath`, device['devicePath']),
    ]
  })
}
