import { isObject, type JsonObject } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { type Flaw, flaw } from '../refusals.ts'
import { itemsOf, required, type Validate } from './flaws.ts'

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/

/** What is wrong with the spec of a pod at `path`. */
export function podSpecFlaws(spec: JsonObject, path: string): readonly Flaw[] {
  const inits = itemsOf(spec, 'initContainers', path)
  const mains = itemsOf(spec, 'containers', path)
  const volumes = itemsOf(spec, 'volumes', path)
  const known = new Set(volumes.map(([volume]) => volume['name']))
  return [
    ...required(spec, path, 'containers'),
    ...[...inits, ...mains].flatMap(([container, here]) => containerFlaws(container, here, known)),
    ...duplicates([...inits, ...mains]),
    ...volumes.flatMap(([volume, here]) => nameFlaws(volume, here)),
    ...duplicates(volumes),
    ...oneOf(spec, 'restartPolicy', ['Always', 'OnFailure', 'Never'], path),
  ]
}

function containerFlaws(
  container: JsonObject,
  path: string,
  volumes: ReadonlySet<unknown>,
): readonly Flaw[] {
  const mounts = itemsOf(container, 'volumeMounts', path)
  return [
    ...nameFlaws(container, path),
    ...required(container, path, 'image'),
    ...mounts.flatMap(([mount, here]) => [
      ...required(mount, here, 'name', 'mountPath'),
      ...(mount['name'] && !volumes.has(mount['name'])
        ? [notFound(`${here}.name`, mount['name'])]
        : []),
    ]),
    ...itemsOf(container, 'env', path).flatMap(([variable, here]) =>
      required(variable, here, 'name'),
    ),
  ]
}

function notFound(field: string, value: unknown): Flaw {
  return { field, reason: 'FieldValueNotFound', message: `Not found: ${JSON.stringify(value)}` }
}

function nameFlaws(object: JsonObject, path: string): readonly Flaw[] {
  const missing = required(object, path, 'name')
  if (missing.length > 0) return missing
  const name = object['name']
  if (typeof name === 'string' && name.length <= 63 && label.test(name)) return []
  const rule =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
  return [flaw.invalid(`${path}.name`, name, rule)]
}

function duplicates(items: readonly (readonly [JsonObject, string])[]): readonly Flaw[] {
  const seen = new Set<unknown>()
  return items.flatMap(([{ name }, path]) => {
    if (name === undefined || !seen.has(name)) {
      seen.add(name)
      return []
    }
    return [
      {
        field: `${path}.name`,
        reason: 'FieldValueDuplicate' as const,
        message: `Duplicate value: ${JSON.stringify(name)}`,
      },
    ]
  })
}

function oneOf(
  object: JsonObject,
  name: string,
  values: readonly string[],
  path: string,
): readonly Flaw[] {
  const value = object[name]
  if (value === undefined || values.includes(String(value))) return []
  const supported = values.map((one) => JSON.stringify(one)).join(', ')
  return [
    {
      field: `${path}.${name}`,
      reason: 'FieldValueNotSupported',
      message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`,
    },
  ]
}

/** What of a pod's spec may change while it lives. */
const changeable = [
  'activeDeadlineSeconds',
  'terminationGracePeriodSeconds',
  'tolerations',
  'nodeName',
]

/** A pod, new or changed: of its spec little more than the images may change. */
export const podFlaws: Validate = (pod, old) => {
  const spec = isObject(pod['spec']) ? pod['spec'] : {}
  if (!old) return podSpecFlaws(spec, 'spec')
  if (spec === old['spec'] || equalJson(fixed(spec), fixed(old['spec']))) return []
  const why =
    'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'
  return [flaw.forbidden('spec', why)]
}

/** The spec without what may change. */
function fixed(spec: unknown): JsonObject {
  if (!isObject(spec)) return {}
  const rest = Object.entries(spec).filter(([name]) => !changeable.includes(name))
  const withoutImages = rest.map(([name, value]) =>
    /ontainers$/.test(name) && Array.isArray(value)
      ? [name, value.map((item) => (isObject(item) ? { ...item, image: '' } : item))]
      : [name, value],
  )
  return Object.fromEntries(withoutImages)
}
