import { type FieldName, fieldNames, fields, operatorsOf, phases } from './fields.table.ts'
import { fieldOf, type QueryToken, tokenizeQuery } from './query-tokens.ts'

/** What a list knows that a search may name. */
export interface QueryVocabulary {
  readonly labels?: readonly string[]
  readonly parameters?: readonly string[]
  readonly templates?: readonly string[]
  readonly namespaces?: readonly string[]
}

export interface QueryCompletion {
  /** What is replaced: from here to the caret. */
  readonly from: number
  readonly choices: readonly QueryChoice[]
}

export interface QueryChoice {
  readonly text: string
  readonly about: string
}

/** What may be written where the caret stands. */
export function completeQuery(
  text: string,
  caret: number,
  vocabulary: QueryVocabulary = {},
): QueryCompletion {
  const { tokens } = tokenizeQuery(text.slice(0, caret))
  const last = tokens.at(-1)
  const touching = last?.end === caret && last.kind === 'word' ? last : undefined
  const before = touching ? tokens.slice(0, -1) : tokens
  const from = touching?.at ?? caret
  const typed = (touching?.value ?? '').toLowerCase()
  const choices = expected(before, touching, vocabulary)
  return { from, choices: choices.filter((one) => one.text.toLowerCase().startsWith(typed)) }
}

function expected(
  before: readonly QueryToken[],
  touching: QueryToken | undefined,
  vocabulary: QueryVocabulary,
): readonly QueryChoice[] {
  const last = before.at(-1)
  const field = fieldBefore(before)
  if (field !== undefined) return valuesOf(field, vocabulary)
  if (touching === undefined && last?.kind === 'word') {
    const own = fieldOf(last.value)
    if (own) return [...signsOf(own.field), ...joints]
  }
  const isAfterOne = last !== undefined && !['(', ','].includes(last.kind) && !isJoint(last)
  return [...names(vocabulary), ...(isAfterOne ? joints : [negation])]
}

/** The field whose value comes next: after a sign, or in the list of an `in`. */
function fieldBefore(before: readonly QueryToken[]): FieldName | undefined {
  const last = before.at(-1)
  if (last?.kind === 'sign') return fieldOf(before.at(-2)?.value ?? '')?.field
  if (last?.kind !== '(' && last?.kind !== ',') return undefined
  const open = before.findLastIndex(({ kind }) => kind === '(')
  const head = before.slice(0, open).filter(({ value }) => !/^(?:not|in)$/i.test(value))
  const isList = before[open - 1]?.value.toLowerCase() === 'in'
  return isList ? fieldOf(head.at(-1)?.value ?? '')?.field : undefined
}

const isJoint = ({ kind, value }: QueryToken) => kind === 'word' && /^(?:and|or|not)$/i.test(value)

const negation: QueryChoice = { text: 'not', about: 'what does not' }
const joints: readonly QueryChoice[] = [
  { text: 'and', about: 'both' },
  { text: 'or', about: 'one of both' },
]

function names({ labels = [], parameters = [] }: QueryVocabulary): readonly QueryChoice[] {
  return [
    ...fieldNames.map((name) => ({ text: name, about: fields[name].about })),
    ...labels.map((key) => ({ text: `label.${key}`, about: 'a label' })),
    ...parameters.map((key) => ({ text: `param.${key}`, about: 'a parameter' })),
  ]
}

function signsOf(field: FieldName): readonly QueryChoice[] {
  return operatorsOf[fields[field].kind].map((text) => ({ text, about: meanings[text] ?? '' }))
}

const meanings: Readonly<Record<string, string>> = {
  '=': 'is; * stands for anything',
  '!=': 'is not',
  '~': 'contains',
  '!~': 'does not contain',
  ':': 'has',
  in: 'is one of (a, b)',
  '<': 'less, or before',
  '<=': 'at most, or not after',
  '>': 'more, or after',
  '>=': 'at least, or not before',
}

function valuesOf(field: FieldName, known: QueryVocabulary): readonly QueryChoice[] {
  const plain = (texts: readonly string[], about: string) => texts.map((text) => ({ text, about }))
  switch (fields[field].kind) {
    case 'phase':
      return plain(phases, 'a status')
    case 'time':
      return [...plain(['-1h', '-24h', '-7d'], 'so long ago'), { text: 'now', about: '' }]
    case 'duration':
      return plain(['30s', '5m', '1h'], 'a duration')
    default:
      if (field === 'template') return plain(known.templates ?? [], 'a template')
      return field === 'namespace' ? plain(known.namespaces ?? [], 'a namespace') : []
  }
}
