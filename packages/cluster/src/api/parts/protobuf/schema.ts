import { fieldTable } from './fields.table.ts'

/** How a value is written in protobuf and in JSON. */
export type FieldKind =
  | { readonly is: 'scalar'; readonly name: string }
  | { readonly is: 'message'; readonly type: string }
  | { readonly is: 'list' | 'map' | 'wrapped'; readonly of: FieldKind }

/** One field of an API type. */
export interface Field {
  readonly number: number
  readonly name: string
  readonly kind: FieldKind
  /** Left out of the JSON when it is empty. */
  readonly omitEmpty: boolean
  /** Its zero counts: it says something else than its absence. */
  readonly isPointer: boolean
  /** Its members stand in its parent. */
  readonly isInline: boolean
}

export type Fields = ReadonlyMap<number, Field>

let types: ReadonlyMap<string, string> | undefined
const read = new Map<string, Fields>()

/** The fields of a type, as `core/v1.Pod`; `undefined` when the type is not known. */
export function fieldsOf(type: string): Fields | undefined {
  const known = read.get(type)
  if (known) return known
  types ??= linesByType()
  const line = types.get(type)
  if (line === undefined) return undefined
  const fields = new Map(
    line
      .split(' ')
      .map(fieldIn)
      .map((field) => [field.number, field]),
  )
  read.set(type, fields)
  return fields
}

/** The type behind a kind, as `core/v1.Pod`; kinds of the API itself, as DeleteOptions, stand in every group. */
export function typeOf(apiVersion: string, kind: string): string | undefined {
  const slash = apiVersion.indexOf('/')
  const group = slash < 0 ? '' : apiVersion.slice(0, slash)
  const room = group === '' ? 'core' : group.split('.', 1)[0]
  const own = `${room}/${apiVersion.slice(slash + 1)}.${kind}`
  return [own, `meta/v1.${kind}`].find((type) => fieldsOf(type) !== undefined)
}

function linesByType(): ReadonlyMap<string, string> {
  const lines = fieldTable.trim().split('\n')
  return new Map(
    lines.map((line) => {
      const space = line.indexOf(' ')
      return [line.slice(0, space), line.slice(space + 1)]
    }),
  )
}

const shape = /^(\d+):([^=?*!]*)([?*!]*)=(.+)$/

function fieldIn(text: string): Field {
  const [, number = '', name = '', flags = '', kind = ''] = shape.exec(text) ?? []
  return {
    number: Number(number),
    name,
    kind: kindIn(kind),
    omitEmpty: flags.includes('?'),
    isPointer: flags.includes('*'),
    isInline: flags.includes('!'),
  }
}

function kindIn(text: string): FieldKind {
  if (text.startsWith('&')) return { is: 'message', type: text.slice(1) }
  const is = { '[]': 'list', '{}': 'map', '()': 'wrapped' } as const
  const outer = is[text.slice(0, 2) as keyof typeof is]
  return outer ? { is: outer, of: kindIn(text.slice(2)) } : { is: 'scalar', name: text }
}
