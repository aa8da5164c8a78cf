import type { RangeField, TextLeaf } from './query.ts'

type FieldKind = 'text' | 'phase' | 'message' | 'any' | 'pair' | 'time' | 'duration'

interface Field {
  readonly kind: FieldKind
  readonly about: string
}

/** What a search can ask for, by every name that it has. */
export const fields = {
  name: { kind: 'text', about: 'the name of the run' },
  namespace: { kind: 'text', about: 'where it is' },
  uid: { kind: 'text', about: 'the uid of the run' },
  template: { kind: 'text', about: 'the WorkflowTemplate that it was made from' },
  status: { kind: 'phase', about: 'Pending, Running, Succeeded, Failed or Error' },
  phase: { kind: 'phase', about: 'the same as status' },
  message: { kind: 'message', about: 'what it or a failed step says' },
  text: { kind: 'any', about: 'any of name, template, labels, parameters and messages' },
  label: { kind: 'pair', about: 'label.KEY, or any label' },
  param: { kind: 'pair', about: 'param.NAME, or any parameter' },
  parameter: { kind: 'pair', about: 'the same as param' },
  created: { kind: 'time', about: 'when it was submitted' },
  started: { kind: 'time', about: 'when it began' },
  finished: { kind: 'time', about: 'when it ended' },
  duration: { kind: 'duration', about: 'how long it took, or takes already' },
} as const satisfies Readonly<Record<string, Field>>

export type FieldName = keyof typeof fields

export const fieldNames = Object.keys(fields) as readonly FieldName[]

export type TextName = TextLeaf['field']
export type TimeName = Exclude<RangeField, 'duration'>

/** Each operator that a kind of field takes, the usual one first. */
export const operatorsOf: Readonly<Record<FieldKind, readonly string[]>> = {
  text: ['=', '!=', '~', '!~', ':', 'in'],
  phase: ['=', '!=', ':', 'in'],
  message: ['~', '!~', ':', '=', '!=', 'in'],
  any: ['~', '!~', ':'],
  pair: ['=', '!=', '~', '!~', ':', '<', '<=', '>', '>=', 'in'],
  time: ['>', '>=', '<', '<=', '=', '!=', ':'],
  duration: ['>', '>=', '<', '<=', '=', '!='],
}

export const phases = ['Pending', 'Running', 'Succeeded', 'Failed', 'Error'] as const
