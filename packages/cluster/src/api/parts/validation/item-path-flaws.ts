import type { JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { objectAt, objectsAt, textAt } from '../table/at.ts'

/** What is wrong with the paths that a volume writes its files to: none may lead out of it. */
export function itemPathFlaws(volume: JsonObject, path: string): readonly Flaw[] {
  const sources = ['configMap', 'secret', 'downwardAPI']
  const projected = objectsAt(volume, 'projected', 'sources').flatMap((source, index) => [
    ...sources.flatMap((name) =>
      itemFlaws(objectAt(source, name), `${path}.projected.sources[${index}].${name}`),
    ),
    ...localPath(
      textAt(source, 'serviceAccountToken', 'path'),
      `${path}.projected.sources[${index}].serviceAccountToken.path`,
    ),
  ])
  return [
    ...sources.flatMap((name) => itemFlaws(objectAt(volume, name), `${path}.${name}`)),
    ...projected,
    ...noBackSteps(textAt(volume, 'hostPath', 'path'), `${path}.hostPath.path`),
  ]
}

function itemFlaws(source: JsonObject, path: string): readonly Flaw[] {
  return objectsAt(source, 'items').flatMap((item, index) =>
    localPath(textAt(item, 'path'), `${path}.items[${index}].path`),
  )
}

function localPath(text: string, path: string): readonly Flaw[] {
  const isAbsolute = text.startsWith('/')
  return [
    ...(isAbsolute ? [flawOf.invalid(path, text, 'must be a relative path')] : []),
    ...noBackSteps(text, path),
  ]
}

function noBackSteps(text: string, path: string): readonly Flaw[] {
  const climbs = text.split('/').includes('..')
  return climbs ? [flawOf.invalid(path, text, "must not contain '..'")] : []
}
