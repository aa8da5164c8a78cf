import { isObject, type JsonObject } from '@argosy/engine'
import { collectionOf, type Kind } from '../kinds.ts'
import { definitionFlaws } from '../parts/schema/definition.ts'
import { flaw, invalid } from '../refusals.ts'
import { immutable, itemsOf, required, type Validate } from './flaws.ts'
import { podFlaws, podSpecFlaws } from './validate-pod.ts'

/** Throws `Invalid` with everything that is wrong with an object of Kubernetes' own kinds. */
export function validate(kind: Kind, object: JsonObject, old: JsonObject | undefined): void {
  if (kind.definition) return
  const rules = validations.get(collectionOf(kind.resource)) ?? []
  const flaws = rules.flatMap((rule) => rule(object, old))
  if (flaws.length === 0) return
  const { name } = isObject(object['metadata']) ? object['metadata'] : {}
  throw invalid(kind.resource, String(name ?? ''), flaws)
}

const template: Validate = ({ spec }) => {
  const inner = isObject(spec) && isObject(spec['template']) ? spec['template']['spec'] : undefined
  return podSpecFlaws(isObject(inner) ? inner : {}, 'spec.template.spec')
}

/** What selects pods must select those that it makes. */
const selector: Validate = ({ spec }) => {
  if (!isObject(spec)) return [flaw.required('spec', '')]
  const labels = at(spec, 'selector', 'matchLabels')
  const expressions = at(spec, 'selector')['matchExpressions']
  if (Object.keys(labels).length === 0 && !Array.isArray(expressions))
    return [flaw.required('spec.selector', '')]
  const own = at(spec, 'template', 'metadata', 'labels')
  if (Object.entries(labels).every(([name, value]) => own[name] === value)) return []
  return [
    flaw.invalid(
      'spec.template.metadata.labels',
      own,
      '`selector` does not match template `labels`',
    ),
  ]
}

function at(object: JsonObject, ...path: readonly string[]): JsonObject {
  let inner: JsonObject = object
  for (const name of path) {
    const next = inner[name]
    inner = isObject(next) ? next : {}
  }
  return inner
}

const keepsSelector: Validate = (object, old) => immutable(object, old, '/spec/selector')
const role: Validate = (object, old) => [
  ...required(object, '', 'roleRef').map((one) => ({ ...one, field: 'roleRef' })),
  ...immutable(object, old, '/roleRef'),
]

const service: Validate = ({ spec }) => {
  if (!isObject(spec)) return [flaw.required('spec', '')]
  const isBare = spec['clusterIP'] === 'None' || spec['type'] === 'ExternalName'
  return [
    ...(isBare ? [] : required(spec, 'spec', 'ports')),
    ...itemsOf(spec, 'ports', 'spec').flatMap(([port, path]) => required(port, path, 'port')),
  ]
}

/** Whoever was marked as not to be changed is not. */
const kept: Validate = (object, old) => {
  if (old?.['immutable'] !== true) return []
  return immutable(object, old, '/data', '/binaryData', '/immutable').map(({ field }) =>
    flaw.forbidden(field, 'field is immutable when `immutable` is set'),
  )
}

const keyRule =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"

const keys: Validate = ({ data }) =>
  Object.keys(isObject(data) ? data : {})
    .filter((key) => !/^[-._a-zA-Z0-9]{1,253}$/.test(key))
    .map((key) => flaw.invalid(`data[${key}]`, key, keyRule))

const claim: Validate = (object, old) => {
  const spec = isObject(object['spec']) ? object['spec'] : {}
  if (old) return []
  const isSized = at(spec, 'resources', 'requests')['storage'] !== undefined
  return [
    ...required(spec, 'spec', 'accessModes'),
    ...(isSized ? [] : [flaw.required('spec.resources[storage]', '')]),
  ]
}

const keepsIdentity: Validate = (object, old) =>
  immutable(object, old, '/spec/group', '/spec/names/plural', '/spec/names/kind', '/spec/scope')

const workload = [template, selector, keepsSelector]
const group = 'rbac.authorization.k8s.io'

const validations: ReadonlyMap<string, readonly Validate[]> = new Map([
  ['pods', [podFlaws]],
  ['services', [service]],
  ['configmaps', [keys, kept]],
  [
    'secrets',
    [keys, kept, (object, old) => immutable(object, old, '/type')] satisfies readonly Validate[],
  ],
  ['persistentvolumeclaims', [claim]],
  ['deployments.apps', workload],
  ['replicasets.apps', workload],
  ['statefulsets.apps', workload],
  ['daemonsets.apps', workload],
  [
    'jobs.batch',
    [
      template,
      (object, old) =>
        immutable(object, old, '/spec/template', '/spec/selector', '/spec/completionMode'),
    ],
  ],
  [`rolebindings.${group}`, [role]],
  [`clusterrolebindings.${group}`, [role]],
  ['customresourcedefinitions.apiextensions.k8s.io', [definitionFlaws, keepsIdentity]],
])
