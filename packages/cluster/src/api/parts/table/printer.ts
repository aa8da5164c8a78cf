import type { KubeObject } from '@argosy/engine'
import { at, textAt } from './at.ts'
import { humanDuration } from './human-duration.ts'

/** A column of a table, as `metav1.TableColumnDefinition`; kubectl shows those of priority 1 with `-o wide` only. */
export interface Column {
  readonly name: string
  readonly type: string
  readonly format: string
  readonly description: string
  readonly priority: number
}

export type Cell = string | number | boolean | null

/** How the objects of a kind are shown in rows: one cell a column, wide ones too. */
export interface Printer {
  readonly columns: readonly Column[]
  cells(object: KubeObject, now: number): readonly Cell[]
}

/** `Name`, `Desired:integer`, and after a `*` what only a wide table shows. */
export function columns(...names: readonly string[]): readonly Column[] {
  return names.map((text) => {
    const [, wide = '', name = '', type = 'string'] = /^(\*?)([^:]*)(?::(.*))?$/.exec(text) ?? []
    const format = name === 'Name' ? 'name' : ''
    return { name, type, format, description: '', priority: wide === '' ? 0 : 1 }
  })
}

/** How long ago a time of the object was. */
export function since(now: number, time: unknown): string {
  const when = typeof time === 'string' ? Date.parse(time) : Number.NaN
  return Number.isNaN(when) ? '<unknown>' : humanDuration(now - when)
}

export function nameOf(object: KubeObject): string {
  return object.metadata.name ?? ''
}

export function ageOf(object: KubeObject, now: number): string {
  return since(now, object.metadata.creationTimestamp)
}

/** The status that a condition has: `True`, `False`, `Unknown`; '' when it is not there. */
export function conditionOf(object: unknown, type: string): string {
  const conditions = at(object, 'status', 'conditions')
  const found = Array.isArray(conditions) && conditions.find((one) => textAt(one, 'type') === type)
  return found ? textAt(found, 'status') : ''
}
