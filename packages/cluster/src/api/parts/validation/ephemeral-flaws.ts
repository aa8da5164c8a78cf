import type { JsonObject } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectsAt, textAt } from '../table/at.ts'
import { type Around, containerFlaws } from './container-flaws.ts'
import { duplicates } from './rules.ts'

/** What containers have that live as long as their pod. */
const notForEphemeral = [
  ...['lifecycle', 'livenessProbe', 'ports', 'readinessProbe', 'resizePolicy', 'resources'],
  ...['restartPolicy', 'restartPolicyRules', 'startupProbe'],
]

/** What is wrong with the containers that somebody put into a running pod to look around in it. */
export function ephemeralFlaws(spec: JsonObject, around: Around): readonly Flaw[] {
  const added = objectsAt(spec, 'ephemeralContainers')
  if (added.length === 0) return []
  const targets = [...objectsAt(spec, 'containers'), ...objectsAt(spec, 'initContainers')]
  const others = targets.map((one) => one['name'])
  const names = [...others, ...added.map((one) => one['name'])]
  const pathOf = (index: number) => `spec.ephemeralContainers[${index}]`
  return [
    ...added.flatMap((one, index) => [
      ...containerFlaws(one, pathOf(index), around),
      ...strangeFields(one, pathOf(index)),
      ...targetFlaws(one, pathOf(index), others),
    ]),
    ...duplicates(names, (index) => `${pathOf(index - others.length)}.name`),
  ]
}

const why = 'cannot be set for an Ephemeral Container'

function strangeFields(container: JsonObject, path: string): readonly Flaw[] {
  const mounts = objectsAt(container, 'volumeMounts').flatMap((mount, index) =>
    ['subPath', 'subPathExpr']
      .filter((name) => textAt(mount, name) !== '')
      .map((name) => flawOf.forbidden(`${path}.volumeMounts[${index}].${name}`, why)),
  )
  const fields = notForEphemeral.filter((name) => !isEmpty(container[name]))
  return [...fields.map((name) => flawOf.forbidden(`${path}.${name}`, why)), ...mounts]
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

function targetFlaws(
  container: JsonObject,
  path: string,
  others: readonly unknown[],
): readonly Flaw[] {
  const target = textAt(container, 'targetContainerName')
  if (target === '' || others.includes(target)) return []
  return [flawOf.notFound(`${path}.targetContainerName`, target)]
}

/** Once there, they stay as they are. */
export function ephemeralChangeFlaws(spec: JsonObject, old: JsonObject): readonly Flaw[] {
  const now = objectsAt(spec, 'ephemeralContainers')
  return objectsAt(old, 'ephemeralContainers').flatMap((before) => {
    const name = textAt(before, 'name')
    const after = now.find((one) => one['name'] === name)
    if (after && equalJson(after, before)) return []
    const words = after ? 'may not be changed' : 'may not be removed'
    const what = `existing ephemeral containers ${JSON.stringify(name)} ${words}`
    return [flawOf.forbidden('spec.ephemeralContainers', what)]
  })
}

/** They are put into pods that are there. */
export function noEphemeral(spec: JsonObject, path: string, words: string): readonly Flaw[] {
  const given = at(spec, 'ephemeralContainers')
  return isEmpty(given) ? [] : [flawOf.forbidden(`${path}.ephemeralContainers`, words)]
}
