import { isObject, type Json } from '@argosy/engine'

/** One step of a path: what the values so far lead to, or nothing when the path does not fit them. */
type Step = (values: readonly Json[]) => readonly Json[] | undefined

/** A path in Kubernetes' dialect, as a printer column or a wait condition gives it. */
export type JsonPath = (object: unknown) => readonly Json[]

/** Reads `.status.conditions[?(@.type=="Ready")].status`, with or without braces; `undefined` when it is none. */
export function jsonPath(text: string): JsonPath | undefined {
  const bare = text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1) : text
  const steps = stepsOf(bare.replace(/^\$/, ''))
  if (steps === undefined) return undefined
  return (object) => {
    let values: readonly Json[] | undefined = [object as Json]
    for (const step of steps) values = values && step(values)
    return values ?? []
  }
}

const readers: readonly (readonly [RegExp, (match: RegExpExecArray) => Step | undefined])[] = [
  [/^\.\.(?=.)/, () => descend],
  [/^\.?\*|^\[\*\]/, () => (values) => values.flatMap(children)],
  [/^\[\?\(((?:"[^"]*"|'[^']*'|[^"'])*?)\)\]/, ([, text = '']) => filter(text.trim())],
  [/^\[(-?\d*(?::-?\d*){1,2})\]/, ([, text = '']) => slice(text)],
  [/^\[(-?\d+(?:,-?\d+)*)\]/, ([, text = '']) => indexes(text.split(',').map(Number))],
  [/^\[((?:'[^']*'|"[^"]*")(?:,(?:'[^']*'|"[^"]*"))*)\]/, ([, text = '']) => members(quoted(text))],
  [/^\.?((?:\\.|[^.[\]\\\s=<>!()])+)/, ([, name = '']) => members([name.replace(/\\(.)/g, '$1')])],
]

function stepsOf(text: string): readonly Step[] | undefined {
  const steps: Step[] = []
  let rest = text
  while (rest !== '' && rest !== '.') {
    const found = nextStep(rest)
    if (found === undefined) return undefined
    steps.push(found.step)
    rest = rest.slice(found.length)
  }
  return steps
}

function nextStep(text: string): { readonly step: Step; readonly length: number } | undefined {
  for (const [pattern, read] of readers) {
    const match = pattern.exec(text)
    const step = match && read(match)
    if (match && step) return { step, length: match[0].length }
  }
  return undefined
}

function quoted(text: string): readonly string[] {
  return [...text.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, a, b]) => a ?? b ?? '')
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

function children(value: Json): readonly Json[] {
  if (isList(value)) return value
  return isObject(value) ? Object.values(value).filter((inner) => inner !== undefined) : []
}

const descend: Step = (values) =>
  values.flatMap((value) => {
    const inner = children(value)
    return inner.length === 0 ? [] : [value, ...(descend(inner) ?? [])]
  })

function members(names: readonly string[]): Step {
  return (values) =>
    names.flatMap((name) =>
      values.flatMap((value) => {
        const inner = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
        return inner === undefined ? [] : [inner]
      }),
    )
}

function indexes(wanted: readonly number[]): Step {
  return (values) => {
    const lists = values.filter((value) => value !== null)
    const items = wanted.flatMap((index) =>
      lists.map((value) => (isList(value) ? value.at(index) : undefined)),
    )
    const found = items.filter((item) => item !== undefined)
    return found.length === items.length ? found : undefined
  }
}

function slice(text: string): Step {
  const [from, to, by] = text.split(':').map((part) => (part === '' ? undefined : Number(part)))
  return (values) => {
    if (!values.every((value) => isList(value))) return undefined
    return values.flatMap((value) =>
      value.slice(from ?? 0, to).filter((_, index) => index % (by ?? 1) === 0),
    )
  }
}

const comparison = /^@(.*?)\s*(==|!=|<=|>=|<|>)\s*(.+)$/

function filter(text: string): Step | undefined {
  const [, left, operator = '', right = ''] = comparison.exec(text) ?? []
  const path = jsonPath(left ?? text.replace(/^@/, ''))
  const wanted = left === undefined ? () => [] : operand(right)
  const isWhole = left !== undefined || /^@[.[]/.test(text)
  if (path === undefined || wanted === undefined || !isWhole || /=/.test(left ?? ''))
    return undefined
  const passes = (item: Json) => {
    const [actual] = path(item)
    if (left === undefined) return actual !== undefined
    const [other] = wanted(item)
    return actual !== undefined && other !== undefined && compare(actual, operator, other)
  }
  return (values) =>
    values.every(isList) ? values.flatMap((value) => children(value).filter(passes)) : undefined
}

function operand(text: string): JsonPath | undefined {
  if (text.startsWith('@')) return jsonPath(text.slice(1))
  const [string] = quoted(text)
  if (/^['"]/.test(text)) return () => [string ?? '']
  if (text === 'true' || text === 'false') return () => [text === 'true']
  const number = Number(text)
  return Number.isNaN(number) ? undefined : () => [number]
}

function compare(a: Json, operator: string, b: Json): boolean {
  // Values of two sorts never compare, not even as unequal.
  if (a === null || b === null || typeof a !== typeof b) return false
  switch (operator) {
    case '==':
      return a === b
    case '!=':
      return a !== b
    case '<':
      return a < b
    case '>':
      return a > b
    case '<=':
      return a <= b
    default:
      return a >= b
  }
}
