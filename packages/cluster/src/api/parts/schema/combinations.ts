import type { Json } from '@argosy/engine'
import { type Flaw, flawOf } from './flaw.ts'
import { type JsonSchema, schemaAt, schemasAt } from './json-schema.ts'

type Check = (value: Json, schema: JsonSchema, path: string) => readonly Flaw[]

/** What `oneOf`, `anyOf`, `allOf` and `not` have against a value. Kubernetes names no field for those. */
export function combinationFlaws(
  value: Json,
  schema: JsonSchema,
  path: string,
  check: Check,
): readonly Flaw[] {
  const tried = (name: string) => schemasAt(schema, name).map((one) => check(value, one, path))
  const not = schemaAt(schema, 'not')
  const isDenied = not !== undefined && check(value, not, path).length === 0
  return [
    ...anyOf(tried('anyOf'), path),
    ...oneOf(tried('oneOf'), path),
    ...allOf(tried('allOf'), path),
    ...(isDenied ? [nowhere(path, 'must not validate the schema (not)')] : []),
  ]
}

type Tried = readonly (readonly Flaw[])[]

function nowhere(path: string, why: string): Flaw {
  return flawOf.invalid('<nil>', '', `${JSON.stringify(path)} ${why}`)
}

function good(tried: Tried): number {
  return tried.filter((flaws) => flaws.length === 0).length
}

function anyOf(tried: Tried, path: string): readonly Flaw[] {
  if (tried.length === 0 || good(tried) > 0) return []
  return [nowhere(path, 'must validate at least one schema (anyOf)'), ...(tried[0] ?? [])]
}

function oneOf(tried: Tried, path: string): readonly Flaw[] {
  if (tried.length === 0 || good(tried) === 1) return []
  const must = 'must validate one and only one schema (oneOf). Found'
  if (good(tried) > 1) return [nowhere(path, `${must} ${good(tried)} valid alternatives`)]
  return [nowhere(path, `${must} none valid`), ...(tried[0] ?? [])]
}

function allOf(tried: Tried, path: string): readonly Flaw[] {
  if (good(tried) === tried.length) return []
  const none = good(tried) === 0 ? '. None validated' : ''
  return [...tried.flat(), nowhere(path, `must validate all the schemas (allOf)${none}`)]
}
