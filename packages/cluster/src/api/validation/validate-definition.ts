import { isObject, type JsonObject } from '@argosy/engine'
import { type Flaw, flaw } from '../refusals.ts'
import { immutable, itemsOf, required, type Validate } from './flaws.ts'

/** What is wrong with a CustomResourceDefinition, so wrong that nothing could be served by it. */
export const definitionFlaws: Validate = (definition, old) => {
  const spec = isObject(definition['spec']) ? definition['spec'] : {}
  const names = isObject(spec['names']) ? spec['names'] : {}
  return [
    ...required(spec, 'spec', 'group', 'scope', 'versions'),
    ...required(names, 'spec.names', 'plural', 'kind'),
    ...nameFlaws(definition, spec, names),
    ...versionFlaws(spec),
    ...immutable(
      definition,
      old,
      '/spec/group',
      '/spec/names/plural',
      '/spec/names/kind',
      '/spec/scope',
    ),
  ]
}

function nameFlaws(definition: JsonObject, spec: JsonObject, names: JsonObject): readonly Flaw[] {
  const { name } = isObject(definition['metadata']) ? definition['metadata'] : {}
  const wanted = `${names['plural']}.${spec['group']}`
  if (!names['plural'] || !spec['group'] || name === wanted) return []
  return [flaw.invalid('metadata.name', name, 'must be spec.names.plural+"."+spec.group')]
}

function versionFlaws(spec: JsonObject): readonly Flaw[] {
  const versions = itemsOf(spec, 'versions', 'spec')
  const stored = versions.filter(([{ storage }]) => storage === true)
  const schemas = versions.flatMap(([version, path]) => [
    ...required(version, path, 'name'),
    ...(isObject(version['schema']) && isObject(version['schema']['openAPIV3Schema'])
      ? []
      : [flaw.required(`${path}.schema.openAPIV3Schema`, 'schemas are required')]),
  ])
  if (versions.length === 0 || stored.length === 1) return schemas
  const why = 'must have exactly one version marked as storage version'
  return [...schemas, flaw.invalid('spec.versions', null, why)]
}
