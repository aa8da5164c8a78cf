import type { Json, JsonObject } from '@argosy/engine'
import { compareQuantities, parseQuantity } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, objectsAt, textAt } from '../table/at.ts'
import { probeFlaws } from './probe-flaws.ts'
import { duplicates, label, oneOf, port, portName, protocol, required } from './rules.ts'

/** What of a pod its containers depend on. */
export interface Around {
  readonly volumes: ReadonlySet<string>
  readonly hostNetwork: boolean
}

const pullPolicies = oneOf(['Always', 'IfNotPresent', 'Never'])

/** What is wrong with one container. */
export function containerFlaws(
  container: JsonObject,
  path: string,
  around: Around,
): readonly Flaw[] {
  const { name, image, imagePullPolicy } = container
  return [
    ...required(`${path}.name`, name),
    ...label(`${path}.name`, name),
    ...imageFlaws(`${path}.image`, image),
    ...pullPolicies(`${path}.imagePullPolicy`, imagePullPolicy),
    ...portsFlaws(container, path, around),
    ...objectsAt(container, 'env').flatMap((env, index) => envFlaws(env, `${path}.env[${index}]`)),
    ...mountFlaws(container, path, around),
    ...resourceFlaws(objectAt(container, 'resources'), `${path}.resources`),
    ...['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((probe) =>
      probeFlaws(container, probe, path),
    ),
  ]
}

function imageFlaws(path: string, image: Json | undefined): readonly Flaw[] {
  if (typeof image !== 'string' || image.trim() === image) return required(path, image)
  return [flawOf.invalid(path, image, 'must not have leading or trailing whitespace')]
}

function portsFlaws(container: JsonObject, path: string, around: Around): readonly Flaw[] {
  const ports = objectsAt(container, 'ports')
  const names = ports.map((one) => one['name'])
  return [
    ...ports.flatMap((one, index) => portFlaws(one, `${path}.ports[${index}]`, around)),
    ...duplicates(names, (index) => `${path}.ports[${index}].name`),
  ]
}

function portFlaws(one: JsonObject, path: string, { hostNetwork }: Around): readonly Flaw[] {
  const { containerPort, hostPort, name } = one
  const isOdd = hostNetwork && typeof hostPort === 'number' && hostPort !== containerPort
  return [
    ...(containerPort === 0 || containerPort === undefined
      ? [flawOf.required(`${path}.containerPort`)]
      : port(`${path}.containerPort`, containerPort)),
    ...protocol(`${path}.protocol`, one['protocol']),
    ...portName(`${path}.name`, name),
    ...(hostPort === 0 ? [] : port(`${path}.hostPort`, hostPort)),
    ...(isOdd
      ? [
          flawOf.invalid(
            `${path}.hostPort`,
            hostPort,
            'must match `containerPort` when `hostNetwork` is true',
          ),
        ]
      : []),
  ]
}

const sources = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef']

function envFlaws(env: JsonObject, path: string): readonly Flaw[] {
  const { name, value, valueFrom } = env
  const isPrintable = typeof name !== 'string' || /^[ -<>-~]*$/.test(name)
  const rule =
    "a valid environment variable name must consist only of printable ASCII characters other than '='"
  return [
    ...required(`${path}.name`, name),
    ...(isPrintable ? [] : [flawOf.invalid(`${path}.name`, name, rule)]),
    ...(valueFrom === undefined ? [] : sourceFlaws(env, value, `${path}.valueFrom`)),
  ]
}

function sourceFlaws(env: JsonObject, value: Json | undefined, path: string): readonly Flaw[] {
  const from = objectAt(env, 'valueFrom')
  const given = sources.filter((name) => from[name] !== undefined)
  if (given.length === 0) {
    const why = `must specify one of: ${'`fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`'}`
    return [flawOf.invalid(path, '', why)]
  }
  if (typeof value === 'string' && value !== '')
    return [flawOf.invalid(path, '', 'may not be specified when `value` is not empty')]
  if (given.length > 1)
    return [flawOf.invalid(path, '', 'may not have more than one field specified at a time')]
  return [
    ...fieldPathFlaws(from, path),
    ...['configMapKeyRef', 'secretKeyRef']
      .filter((name) => from[name] !== undefined)
      .flatMap((name) => required(`${path}.${name}.key`, at(from, name, 'key'))),
  ]
}

const fieldPaths =
  /^(metadata\.(name|namespace|uid)|metadata\.(labels|annotations)\['[^']+'\]|spec\.(nodeName|serviceAccountName)|status\.(hostIP|hostIPs|podIP|podIPs))$/

function fieldPathFlaws(from: JsonObject, path: string): readonly Flaw[] {
  if (from['fieldRef'] === undefined) return []
  const given = textAt(from, 'fieldRef', 'fieldPath')
  const here = `${path}.fieldRef.fieldPath`
  if (given === '') return [flawOf.required(here)]
  if (fieldPaths.test(given)) return []
  const why = `error converting fieldPath: field label not supported: ${given}`
  return [flawOf.invalid(here, given, why)]
}

function mountFlaws(container: JsonObject, path: string, { volumes }: Around): readonly Flaw[] {
  const paths = new Set<string>()
  return objectsAt(container, 'volumeMounts').flatMap((mount, index) => {
    const here = `${path}.volumeMounts[${index}]`
    const name = textAt(mount, 'name')
    const where = textAt(mount, 'mountPath')
    const isTwice = paths.has(where)
    paths.add(where)
    return [
      ...required(`${here}.name`, name),
      ...(name === '' || volumes.has(name) ? [] : [flawOf.notFound(`${here}.name`, name)]),
      ...required(`${here}.mountPath`, where),
      ...(isTwice ? [flawOf.invalid(`${here}.mountPath`, where, 'must be unique')] : []),
      ...subPathFlaws(textAt(mount, 'subPath'), `${path}.volumeMounts.subPath`),
    ]
  })
}

// Kubernetes leaves the index out of this path.
function subPathFlaws(subPath: string, path: string): readonly Flaw[] {
  if (subPath.startsWith('/')) return [flawOf.invalid(path, subPath, 'must be a relative path')]
  if (!subPath.split('/').includes('..')) return []
  return [flawOf.invalid(path, subPath, "must not contain '..'")]
}

const standard = /^(cpu|memory|ephemeral-storage|hugepages-.+)$/

function resourceFlaws(resources: JsonObject, path: string): readonly Flaw[] {
  const [limits, requests] = [objectAt(resources, 'limits'), objectAt(resources, 'requests')]
  return [
    ...amountFlaws(limits, `${path}.limits`),
    ...amountFlaws(requests, `${path}.requests`),
    ...Object.keys(requests).flatMap((name) => overLimit(name, { limits, requests }, path)),
  ]
}

function amountFlaws(amounts: JsonObject, path: string): readonly Flaw[] {
  return Object.entries(amounts).flatMap(([name, amount]) => {
    const here = `${path}[${name}]`
    const quantity = parseQuantity(String(amount))
    const whys = standard.test(name) || name.includes('/') ? [] : unknownResource
    return [
      ...whys.map((why) => flawOf.invalid(here, name, why)),
      ...('error' in quantity ? [flawOf.invalid(here, amount ?? null, quantity.error)] : []),
      ...(!('error' in quantity) && quantity.nano < 0n
        ? [flawOf.invalid(here, String(amount), 'must be greater than or equal to 0')]
        : []),
    ]
  })
}

const unknownResource = [
  'must be a standard resource type or fully qualified',
  'must be a standard resource for containers',
]

interface Amounts {
  readonly limits: JsonObject
  readonly requests: JsonObject
}

function overLimit(name: string, { limits, requests }: Amounts, path: string): readonly Flaw[] {
  const [limit, request] = [limits[name], requests[name]]
  if (limit === undefined || request === undefined) return []
  const [most, wanted] = [parseQuantity(String(limit)), parseQuantity(String(request))]
  if ('error' in most || 'error' in wanted || compareQuantities(wanted, most) <= 0) return []
  const why = `must be less than or equal to ${name} limit of ${limit}`
  return [flawOf.invalid(`${path}.requests`, String(request), why)]
}
