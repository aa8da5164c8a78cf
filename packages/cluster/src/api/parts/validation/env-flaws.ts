import type { JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, objectsAt, textAt } from '../table/at.ts'
import { dataKeyFlaws } from './data-flaws.ts'
import { fieldRefFlaws, resourceRefFlaws } from './downward-flaws.ts'
import { subdomain, subdomainOrEmpty } from './name-rules.ts'
import { required } from './rules.ts'

/** What is wrong with a container's environment. */
export function environmentFlaws(container: JsonObject, path: string): readonly Flaw[] {
  return [
    ...objectsAt(container, 'env').flatMap((env, index) => envFlaws(env, `${path}.env[${index}]`)),
    ...objectsAt(container, 'envFrom').flatMap((from, index) =>
      envFromFlaws(from, `${path}.envFrom`, index),
    ),
  ]
}

const sources = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef']
const nameRule =
  "a valid environment variable name must consist only of printable ASCII characters other than '='"

function envFlaws(env: JsonObject, path: string): readonly Flaw[] {
  return [
    ...required(`${path}.name`, env['name']),
    ...unprintable(`${path}.name`, textAt(env, 'name')),
    ...(env['valueFrom'] === undefined ? [] : sourceFlaws(env, `${path}.valueFrom`)),
  ]
}

function unprintable(path: string, name: string): readonly Flaw[] {
  return /^[ -<>-~]*$/.test(name) ? [] : [flawOf.invalid(path, name, nameRule)]
}

function sourceFlaws(env: JsonObject, path: string): readonly Flaw[] {
  const from = objectAt(env, 'valueFrom')
  const given = sources.filter((name) => at(from, name) !== undefined)
  if (given.length === 0) {
    const why = `must specify one of: ${'`fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`'}`
    return [flawOf.invalid(path, '', why)]
  }
  if (textAt(env, 'value') !== '')
    return [flawOf.invalid(path, '', 'may not be specified when `value` is not empty')]
  if (given.length > 1)
    return [flawOf.invalid(path, '', 'may not have more than one field specified at a time')]
  return oneSourceFlaws(from, given[0] ?? '', path)
}

function oneSourceFlaws(from: JsonObject, name: string, path: string): readonly Flaw[] {
  const here = `${path}.${name}`
  const source = objectAt(from, name)
  if (name === 'fieldRef') return fieldRefFlaws(source, here, 'env')
  if (name === 'resourceFieldRef') return resourceRefFlaws(source, here, 'env')
  return [
    ...required(`${here}.key`, source['key']),
    ...dataKeyFlaws(`${here}.key`, textAt(source, 'key')),
    ...subdomainOrEmpty(`${here}.name`, source['name']),
  ]
}

function envFromFlaws(from: JsonObject, path: string, index: number): readonly Flaw[] {
  const here = `${path}[${index}]`
  const given = ['configMapRef', 'secretRef'].filter((name) => at(from, name) !== undefined)
  const why =
    given.length === 0
      ? 'must specify one of: `configMapRef` or `secretRef`'
      : 'may not have more than one field specified at a time'
  return [
    ...unprintable(`${here}.prefix`, textAt(from, 'prefix')),
    ...given.flatMap((name) => [
      ...required(`${here}.${name}.name`, at(from, name, 'name')),
      ...subdomain(`${here}.${name}.name`, at(from, name, 'name')),
    ]),
    // Kubernetes leaves the index out of this path.
    ...(given.length === 1 ? [] : [flawOf.invalid(path, '', why)]),
  ]
}
