import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { versionsOf } from './definition.ts'
import { isList, schemaAt } from './json-schema.ts'

/** Names that a definition asks for, and who has them already: the plural of the other one. */
export type TakenNames = ReadonlyMap<string, string>

/**
 * The status of a definition that is being accepted: its names and versions, and conditions that say whether it is
 * served. Rules in CEL are not enforced here, and a condition of its own says which.
 */
export function definitionStatus(
  definition: JsonObject,
  { now, taken = new Map() }: { readonly now: string; readonly taken?: TakenNames },
): JsonObject {
  const spec = schemaAt(definition, 'spec') ?? {}
  const before = schemaAt(definition, 'status') ?? {}
  const conflict = conflictOf(spec, taken)
  const established = conflict === undefined || wasEstablished(before)
  const rules = unenforcedRules(definition)
  const accepted = condition('NamesAccepted', conflict === undefined)
  const served = condition('Established', established)
  const wanted = [
    conflict === undefined
      ? { ...accepted, reason: 'NoConflicts', message: 'no conflicts found' }
      : { ...accepted, ...conflict },
    established
      ? {
          ...served,
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
        }
      : { ...served, reason: 'NotAccepted', message: 'not all names are accepted' },
    ...(rules.length > 0 ? [unenforced(rules)] : []),
  ]
  return {
    ...before,
    conditions: wanted.map((one) => timed(one, before, now)),
    acceptedNames:
      conflict === undefined ? acceptedNames(spec) : (before['acceptedNames'] ?? noNames),
    storedVersions: storedVersions(spec, before),
  }
}

const noNames = { plural: '', kind: '' }

function condition(type: string, isTrue: boolean) {
  return { type, status: isTrue ? 'True' : 'False' }
}

function unenforced(rules: readonly string[]) {
  const message = `x-kubernetes-validations are kept but not enforced: ${rules.join(', ')}`
  return { ...condition('ValidationRulesEnforced', false), reason: 'NotSupported', message }
}

/** The time of a condition is when it last changed. */
function timed(wanted: JsonObject, before: JsonObject, now: string): JsonObject {
  const conditions = before['conditions']
  const old = isList(conditions)
    ? conditions.filter(isObject).find(({ type }) => type === wanted['type'])
    : undefined
  const isSame = old !== undefined && old['status'] === wanted['status']
  return { ...wanted, lastTransitionTime: isSame ? (old['lastTransitionTime'] ?? now) : now }
}

function wasEstablished(status: JsonObject): boolean {
  const conditions = status['conditions']
  if (!isList(conditions)) return false
  return conditions
    .filter(isObject)
    .some(({ type, status: is }) => type === 'Established' && is === 'True')
}

function acceptedNames(spec: JsonObject): JsonObject {
  const names = schemaAt(spec, 'names') ?? {}
  const { kind } = names
  return {
    ...names,
    singular: names['singular'] ?? String(kind).toLowerCase(),
    listKind: names['listKind'] ?? `${kind}List`,
  }
}

const conflictReasons = {
  plural: 'PluralConflict',
  singular: 'SingularConflict',
  kind: 'KindConflict',
  listKind: 'ListKindConflict',
} as const

function conflictOf(spec: JsonObject, taken: TakenNames) {
  const names = acceptedNames(spec)
  for (const [member, reason] of Object.entries(conflictReasons)) {
    const name = String(names[member] ?? '')
    if (taken.has(name)) return { reason, message: `${JSON.stringify(name)} is already in use` }
  }
  const { shortNames } = names
  const short = isList(shortNames) ? shortNames.find((name) => taken.has(String(name))) : undefined
  if (short === undefined) return undefined
  return { reason: 'ShortNamesConflict', message: `${JSON.stringify(short)} is already in use` }
}

/** A version that once was stored stays until somebody has moved what is stored in it. */
function storedVersions(spec: JsonObject, before: JsonObject): readonly Json[] {
  const stored = isList(before['storedVersions']) ? before['storedVersions'] : []
  const storage = versionsOf(spec).find((version) => version['storage'] === true)?.['name']
  return storage === undefined || stored.includes(storage) ? stored : [...stored, storage]
}

/** Where a definition has rules in CEL: `v1: spec.items`. */
function unenforcedRules(definition: JsonObject): readonly string[] {
  return versionsOf(schemaAt(definition, 'spec') ?? {}).flatMap((version) => {
    const schema = schemaAt(schemaAt(version, 'schema') ?? {}, 'openAPIV3Schema') ?? {}
    return rulesIn(schema, '').map((path) => `${version['name']}: ${path}`)
  })
}

function rulesIn(schema: JsonObject, path: string): readonly string[] {
  const rules = schema['x-kubernetes-validations']
  const own = isList(rules) && rules.length > 0 ? [path === '' ? '.' : path] : []
  const members = Object.entries(schemaAt(schema, 'properties') ?? {}).flatMap(([name, member]) =>
    isObject(member) ? rulesIn(member, path === '' ? name : `${path}.${name}`) : [],
  )
  const inner = ['items', 'additionalProperties'].flatMap((name) => {
    const part = schemaAt(schema, name)
    return part ? rulesIn(part, `${path}[*]`) : []
  })
  return [...own, ...members, ...inner]
}
