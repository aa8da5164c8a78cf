import { isObject, type Json, type KubeObject } from '@argosy/engine'
import { jsonPath } from './json-path.ts'
import { ageOf, type Cell, columns, nameOf, type Printer, since } from './printer.ts'

/** A column that a CustomResourceDefinition asks for, one of its `additionalPrinterColumns`. */
export interface CustomColumn {
  readonly name: string
  readonly type: string
  readonly jsonPath: string
  readonly format?: string
  readonly description?: string
  readonly priority?: number
}

/** How custom resources are shown: their name, then the columns that were asked for, or else their age. */
export function customPrinter(wanted: readonly CustomColumn[] = []): Printer {
  const named = columns('Name')
  if (wanted.length === 0) {
    return {
      columns: [...named, ...columns('Age:date')],
      cells: (object, now) => [nameOf(object), ageOf(object, now)],
    }
  }
  const paths = wanted.map((column) => ({ column, path: jsonPath(column.jsonPath) }))
  return {
    columns: [
      ...named,
      ...wanted.map(({ name, type, format = '', description = '', priority = 0 }) => {
        return { name, type, format, description, priority }
      }),
    ],
    cells: (object, now) => [
      nameOf(object),
      ...paths.map(({ column, path }) => cellOf(column.type, firstOf(object, path), now)),
    ],
  }
}

function firstOf(object: KubeObject, path: ReturnType<typeof jsonPath>): Json | undefined {
  return path?.(object)[0]
}

function cellOf(type: string, value: Json | undefined, now: number): Cell {
  if (value === undefined) return null
  if (type === 'string') return textOf(value)
  if (type === 'date') return dateText(value, now)
  if (type === 'boolean') return typeof value === 'boolean' ? value : null
  if (typeof value !== 'number') return null
  return type === 'integer' ? Math.trunc(value) : value
}

function textOf(value: Json): string {
  if (value === null) return '<no value>'
  return typeof value === 'object' ? sortedJson(value) : String(value)
}

/** As Go writes a map: its keys in order. */
function sortedJson(value: Json): string {
  return JSON.stringify(value, (_, inner: Json) =>
    isObject(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

function dateText(value: Json, now: number): Cell {
  if (typeof value !== 'string') return null
  if (value === '' || value === 'null') return '<unknown>'
  return /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value))
    ? since(now, value)
    : '<invalid>'
}
