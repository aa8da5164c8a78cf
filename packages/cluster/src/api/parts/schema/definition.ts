import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from './flaw.ts'
import { isList, schemaAt } from './json-schema.ts'
import { structuralFlaws } from './structural.ts'

/** What is wrong with a CustomResourceDefinition, in Kubernetes' words. */
export function definitionFlaws(definition: JsonObject, old?: JsonObject): readonly Flaw[] {
  const spec = schemaAt(definition, 'spec') ?? {}
  const versions = versionsOf(spec)
  const isOne = versions.length === 1
  return [
    ...identityFlaws(definition, spec),
    ...(old ? changeFlaws(spec, schemaAt(old, 'spec') ?? {}) : []),
    ...namesFlaws(schemaAt(spec, 'names') ?? {}),
    ...versionsFlaws(versions),
    ...conversionFlaws(spec),
    ...versions.flatMap((version, index) => versionFlaws(version, { index, isOne })),
  ]
}

/** What may not become something else: the objects that are there would be nobody's. */
function changeFlaws(spec: JsonObject, old: JsonObject): readonly Flaw[] {
  const names = schemaAt(spec, 'names') ?? {}
  const oldNames = schemaAt(old, 'names') ?? {}
  const fixed = (field: string, value: Json | undefined, before: Json | undefined) =>
    value === before ? [] : [flawOf.invalid(field, value ?? '', 'field is immutable')]
  return [
    ...fixed('spec.scope', spec['scope'], old['scope']),
    ...fixed('spec.names.kind', names['kind'], oldNames['kind']),
    ...fixed('spec.names.plural', names['plural'], oldNames['plural']),
    ...fixed('spec.group', spec['group'], old['group']),
  ]
}

/** The versions that a definition names. */
export function versionsOf(spec: JsonObject): readonly JsonObject[] {
  const versions = spec['versions']
  return isList(versions) ? versions.filter(isObject) : []
}

const label = /^[a-z]([-a-z0-9]*[a-z0-9])?$/
const labelRule =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"

function labelFlaws(field: string, value: Json | undefined): readonly Flaw[] {
  if (typeof value !== 'string' || value === '') return []
  return label.test(value) ? [] : [flawOf.invalid(field, value, labelRule)]
}

function identityFlaws(definition: JsonObject, spec: JsonObject): readonly Flaw[] {
  const name = schemaAt(definition, 'metadata')?.['name'] ?? ''
  const plural = schemaAt(spec, 'names')?.['plural'] ?? ''
  const { group = '', scope = '' } = spec
  const flaws: Flaw[] = []
  if (name !== `${plural}.${group}`)
    flaws.push(flawOf.invalid('metadata.name', name, 'must be spec.names.plural+"."+spec.group'))
  if (group === '') flaws.push(flawOf.required('spec.group'))
  if (scope === '') flaws.push(flawOf.required('spec.scope'))
  else if (scope !== 'Cluster' && scope !== 'Namespaced')
    flaws.push(flawOf.notSupported('spec.scope', scope, ['Cluster', 'Namespaced']))
  if (spec['preserveUnknownFields'] === true) {
    const why =
      'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead'
    flaws.push(flawOf.invalid('spec.preserveUnknownFields', true, why))
  }
  return flaws
}

function namesFlaws(names: JsonObject): readonly Flaw[] {
  const { plural = '', kind = '', listKind, shortNames, categories } = names
  const each = (list: Json | undefined, field: string) =>
    isList(list) ? list.flatMap((one, index) => labelFlaws(`${field}[${index}]`, one)) : []
  const flaws: Flaw[] = []
  if (plural === '') flaws.push(flawOf.required('spec.names.plural'))
  if (kind === '') flaws.push(flawOf.required('spec.names.kind'))
  else if (kind === listKind) {
    const why = 'kind and listKind may not be the same'
    flaws.push(flawOf.invalid('spec.names.listKind', kind, why))
  }
  return [
    ...flaws,
    ...labelFlaws('spec.names.plural', plural),
    ...labelFlaws('spec.names.singular', names['singular']),
    ...each(shortNames, 'spec.names.shortNames'),
    ...each(categories, 'spec.names.categories'),
  ]
}

function versionsFlaws(versions: readonly JsonObject[]): readonly Flaw[] {
  const names = versions.map(({ name = '' }) => name)
  const flaws: Flaw[] = []
  if (versions.filter(({ storage }) => storage === true).length !== 1) {
    const why = 'must have exactly one version marked as storage version'
    flaws.push(flawOf.invalid('spec.versions', names, why))
  }
  if (new Set(names).size < names.length)
    flaws.push(flawOf.invalid('spec.versions', names, 'must contain unique version names'))
  return flaws
}

function conversionFlaws(spec: JsonObject): readonly Flaw[] {
  const strategy = schemaAt(spec, 'conversion')?.['strategy'] ?? 'None'
  if (strategy === 'None') return []
  const why = 'webhooks are not called here: serve one version, or versions that differ in nothing'
  return [flawOf.invalid('spec.conversion.strategy', strategy, why)]
}

interface At {
  readonly index: number
  /** A definition of one version is spoken of as if its parts stood outside of versions. */
  readonly isOne: boolean
}

function versionFlaws(version: JsonObject, { index, isOne }: At): readonly Flaw[] {
  const own = `spec.versions[${index}]`
  const place = isOne ? 'spec' : own
  const schema = schemaAt(schemaAt(version, 'schema') ?? {}, 'openAPIV3Schema')
  const where = `${isOne ? 'spec.validation' : `${own}.schema`}.openAPIV3Schema`
  return [
    ...labelFlaws(`${own}.name`, version['name']),
    ...(schema
      ? structuralFlaws(schema, where)
      : [flawOf.required(`${own}.schema.openAPIV3Schema`)]),
    ...columnsFlaws(version, place),
    ...scaleFlaws(version, place),
  ]
}

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string']

function columnsFlaws(version: JsonObject, place: string): readonly Flaw[] {
  const columns = version['additionalPrinterColumns']
  if (!isList(columns)) return []
  return columns.filter(isObject).flatMap((column, index) => {
    const { name = '', type = '', jsonPath = '' } = column
    const field = `${place}.additionalPrinterColumns[${index}]`
    const flaws: Flaw[] = []
    if (name === '') flaws.push(flawOf.required(`${field}.name`))
    if (type === '')
      flaws.push(flawOf.required(`${field}.type`, `must be one of ${columnTypes.join(',')}`))
    else if (!columnTypes.includes(String(type))) {
      flaws.push(flawOf.invalid(`${field}.type`, type, `must be one of ${columnTypes.join(',')}`))
    }
    if (!String(jsonPath).startsWith('.')) {
      const why = 'must be a simple json path starting with .'
      flaws.push(flawOf.invalid(`${field}.JSONPath`, jsonPath, why))
    }
    return flaws
  })
}

function scaleFlaws(version: JsonObject, place: string): readonly Flaw[] {
  const scale = schemaAt(schemaAt(version, 'subresources') ?? {}, 'scale')
  if (scale === undefined) return []
  const wanted = [
    ['specReplicasPath', '.spec'],
    ['statusReplicasPath', '.status'],
  ] as const
  return wanted.flatMap(([name, under]) => {
    const path = scale[name] ?? ''
    if (String(path).startsWith(`${under}.`)) return []
    const field = `${place}.subresources.scale.${name}`
    return [flawOf.invalid(field, path, `should be a json path under ${under}`)]
  })
}
