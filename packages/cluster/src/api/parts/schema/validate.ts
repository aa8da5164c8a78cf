import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { combinationFlaws } from './combinations.ts'
import { type Flaw, flawOf } from './flaw.ts'
import { formats } from './formats.table.ts'
import { below, isList, type JsonSchema, schemaAt } from './json-schema.ts'
import { listTypeFlaws } from './list-types.ts'

/** What is wrong with a value by its schema, in Kubernetes' words. */
export function schemaFlaws(value: Json, schema: JsonSchema, path = ''): readonly Flaw[] {
  if (value === null && isNullable(schema)) return []
  const wrongType = typeFlaw(value, schema, path)
  if (wrongType) return [wrongType]
  return [
    ...enumFlaws(value, schema, path),
    ...ownFlaws(value, schema, path),
    ...combinationFlaws(value, schema, path, schemaFlaws),
  ]
}

function isNullable(schema: JsonSchema): boolean {
  return schema['nullable'] === true
}

function typeFlaw(value: Json, schema: JsonSchema, path: string): Flaw | undefined {
  const wanted =
    schema['x-kubernetes-int-or-string'] === true ? ['integer', 'string'] : typesOf(schema)
  const actual = typeOf(value)
  if (wanted.length === 0 || wanted.includes(actual)) return undefined
  if (actual === 'integer' && wanted.includes('number')) return undefined
  const name = JSON.stringify(actual)
  const why = `${path} in body must be of type ${wanted.join(',')}: ${name}`
  return flawOf.wrongType(path, actual, why)
}

function typesOf({ type }: JsonSchema): readonly string[] {
  return typeof type === 'string' && type !== '' ? [type] : []
}

function typeOf(value: Json): string {
  if (value === null) return 'null'
  if (isList(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

function enumFlaws(value: Json, schema: JsonSchema, path: string): readonly Flaw[] {
  const allowed = schema['enum']
  if (!isList(allowed) || allowed.some((one) => equalJson(one, value))) return []
  return [flawOf.notSupported(path, value, allowed)]
}

function ownFlaws(value: Json, schema: JsonSchema, path: string): readonly Flaw[] {
  if (typeof value === 'string') return textFlaws(value, schema, path)
  if (typeof value === 'number') return numberFlaws(value, schema, path)
  if (isList(value))
    return [...listFlaws(value, schema, path), ...listTypeFlaws(value, schema, path)]
  return isObject(value) ? objectFlaws(value, schema, path) : []
}

function textFlaws(text: string, schema: JsonSchema, path: string): readonly Flaw[] {
  const { minLength, maxLength, pattern, format } = schema
  const length = [...text].length
  const flaws: Flaw[] = []
  if (typeof maxLength === 'number' && length > maxLength)
    flaws.push(flawOf.tooLong(path, maxLength))
  if (typeof minLength === 'number' && length < minLength) {
    flaws.push(
      flawOf.invalid(path, text, `${path} in body should be at least ${minLength} chars long`),
    )
  }
  if (typeof pattern === 'string' && !patternOf(pattern)?.test(text)) {
    flaws.push(flawOf.invalid(path, text, `${path} in body should match '${pattern}'`))
  }
  const shape = typeof format === 'string' && Object.hasOwn(formats, format) && formats[format]
  if (shape && !shape.test(text)) {
    const why = `${path} in body must be of type ${format}: ${JSON.stringify(text)}`
    flaws.push(flawOf.wrongType(path, text, why))
  }
  return flaws
}

const patterns = new Map<string, RegExp | undefined>()

/** The pattern as a regular expression; those of Go that JavaScript reads otherwise are few. */
export function patternOf(text: string): RegExp | undefined {
  if (!patterns.has(text)) patterns.set(text, compiled(text))
  return patterns.get(text)
}

function compiled(text: string): RegExp | undefined {
  const flags = /^\(\?([ims]+)\)/.exec(text)
  const bare = (flags ? text.slice(flags[0].length) : text)
    .replaceAll('\\z', '$')
    .replaceAll('\\A', '^')
  try {
    return new RegExp(bare, `${flags?.[1] ?? ''}u`)
  } catch {
    return withoutUnicode(bare, flags?.[1] ?? '')
  }
}

/** Go allows escapes that JavaScript refuses where it reads Unicode. */
function withoutUnicode(text: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(text, flags)
  } catch {
    return undefined
  }
}

function numberFlaws(value: number, schema: JsonSchema, path: string): readonly Flaw[] {
  const { minimum, maximum, multipleOf } = schema
  const isAbove = schema['exclusiveMinimum'] === true
  const isBelow = schema['exclusiveMaximum'] === true
  const whys = [
    typeof maximum === 'number' &&
      (isBelow ? value >= maximum : value > maximum) &&
      `less than ${isBelow ? '' : 'or equal to '}${maximum}`,
    typeof minimum === 'number' &&
      (isAbove ? value <= minimum : value < minimum) &&
      `greater than ${isAbove ? '' : 'or equal to '}${minimum}`,
    typeof multipleOf === 'number' &&
      !Number.isInteger(value / multipleOf) &&
      `a multiple of ${multipleOf}`,
  ]
  return whys
    .filter((why) => why !== false)
    .map((why) => flawOf.invalid(path, value, `${path} in body should be ${why}`))
}

function listFlaws(list: readonly Json[], schema: JsonSchema, path: string): readonly Flaw[] {
  const { minItems, maxItems } = schema
  const items = schemaAt(schema, 'items')
  const flaws = items
    ? list.flatMap((item, index) => schemaFlaws(item, items, `${path}[${index}]`))
    : []
  return [
    ...flaws,
    ...sizeFlaws(list.length, { least: minItems, most: maxItems, of: 'items' }, path),
  ]
}

interface Size {
  readonly least: Json | undefined
  readonly most: Json | undefined
  readonly of: 'items' | 'properties'
}

function sizeFlaws(count: number, { least, most, of }: Size, path: string): readonly Flaw[] {
  if (typeof most === 'number' && count > most) return [flawOf.tooMany(path, count, most)]
  if (typeof least !== 'number' || count >= least) return []
  return [flawOf.invalid(path, count, `${path} in body should have at least ${least} ${of}`)]
}

function objectFlaws(object: JsonObject, schema: JsonSchema, path: string): readonly Flaw[] {
  const { minProperties, maxProperties, required, additionalProperties } = schema
  const names = Object.keys(object).filter((name) => object[name] !== undefined)
  const properties = schemaAt(schema, 'properties') ?? {}
  const members = names.flatMap((name) => {
    const here = below(path, name)
    const known = Object.hasOwn(properties, name) ? properties[name] : additionalProperties
    if (isObject(known)) return schemaFlaws(object[name] ?? null, known, here)
    if (known !== false) return []
    return [flawOf.invalid(path, name, `${here} in body is a forbidden property`)]
  })
  const missing = (isList(required) ? required : [])
    .filter((name) => typeof name === 'string' && !names.includes(name))
    .map((name) => flawOf.required(below(path, String(name))))
  const size = { least: minProperties, most: maxProperties, of: 'properties' } as const
  return [...members, ...missing, ...sizeFlaws(names.length, size, path)]
}
