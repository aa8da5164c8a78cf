import { type Condition, type Operand, PathMistake, type PathStep } from './path.ts'

/** Where the parser is in a path's text. */
export interface PathReader {
  readonly text: string
  at: number
}

/** Reads the steps that begin here, as far as they go; `$` and `@` are read by the caller. */
export function parseSteps(reader: PathReader): readonly PathStep[] {
  const steps: PathStep[] = []
  for (;;) {
    const rest = reader.text.slice(reader.at)
    if (rest.startsWith('..')) steps.push({ kind: 'descend' })
    else if (!/^(?:\[|\.[^\s)}])/.test(rest)) return steps
    reader.at += /^\.{0,2}/.exec(rest)?.[0].length ?? 0
    steps.push(reader.text[reader.at] === '[' ? bracket(reader) : named(reader))
  }
}

const bareName = /^(?:\\.|[^\s.[\](){}=<>!&|,'"\\])+/s

function named(reader: PathReader): PathStep {
  if (reader.text[reader.at] === '*') {
    reader.at++
    return { kind: 'wildcard' }
  }
  const match = bareName.exec(reader.text.slice(reader.at))
  if (!match) throw new PathMistake(`unexpected character at ${reader.at} in ${reader.text}`)
  reader.at += match[0].length
  return { kind: 'name', name: match[0].replace(/\\(.)/gs, '$1') }
}

function bracket(reader: PathReader): PathStep {
  reader.at++
  skipSpace(reader)
  if (eat(reader, '?(')) {
    const condition = either(reader)
    skipSpace(reader)
    expect(reader, ')')
    skipSpace(reader)
    expect(reader, ']')
    return { kind: 'filter', condition }
  }
  const steps = [member(reader)]
  while (eat(reader, ',')) steps.push(member(reader))
  expect(reader, ']')
  const [only] = steps
  return only && steps.length === 1 ? only : { kind: 'union', steps }
}

const slicePattern = /^(-?\d*)\s*:\s*(-?\d*)(?:\s*:\s*(-?\d*))?/

function member(reader: PathReader): PathStep {
  skipSpace(reader)
  const step = readMember(reader)
  skipSpace(reader)
  return step
}

function readMember(reader: PathReader): PathStep {
  const rest = reader.text.slice(reader.at)
  const take = (length: number) => {
    reader.at += length
  }
  if (rest.startsWith('*')) {
    take(1)
    return { kind: 'wildcard' }
  }
  const fromEnd = /^\(\s*@\.length\s*-\s*(\d+)\s*\)/.exec(rest)
  if (fromEnd) {
    take(fromEnd[0].length)
    return { kind: 'fromEnd', offset: Number(fromEnd[1]) }
  }
  if (/^['"]/.test(rest)) return { kind: 'name', name: quoted(reader) }
  const slice = slicePattern.exec(rest)
  if (slice) {
    take(slice[0].length)
    return sliceStep(slice[1] ?? '', slice[2] ?? '', slice[3] ?? '')
  }
  const index = /^-?\d+/.exec(rest)
  if (index) {
    take(index[0].length)
    return { kind: 'index', index: Number(index[0]) }
  }
  return named(reader)
}

function sliceStep(from: string, to: string, step: string): PathStep {
  if (step === '0') throw new PathMistake('step must be != 0')
  return {
    kind: 'slice',
    step: step === '' ? 1 : Number(step),
    ...(from === '' ? {} : { from: Number(from) }),
    ...(to === '' ? {} : { to: Number(to) }),
  }
}

/** A quoted text that begins here. */
function quoted(reader: PathReader): string {
  const match = /^'((?:[^'\\]|\\.)*)'|^"((?:[^"\\]|\\.)*)"/s.exec(reader.text.slice(reader.at))
  if (!match) throw new PathMistake(`unterminated quoted string in ${reader.text}`)
  reader.at += match[0].length
  return (match[1] ?? match[2] ?? '').replace(
    /\\(.)/gs,
    (_, char: string) => controls[char] ?? char,
  )
}

const controls: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

function either(reader: PathReader): Condition {
  const parts = [both(reader)]
  while (eat(reader, '||')) parts.push(both(reader))
  const [only] = parts
  return only && parts.length === 1 ? only : { kind: 'or', parts }
}

function both(reader: PathReader): Condition {
  const parts = [single(reader)]
  while (eat(reader, '&&')) parts.push(single(reader))
  const [only] = parts
  return only && parts.length === 1 ? only : { kind: 'and', parts }
}

function single(reader: PathReader): Condition {
  skipSpace(reader)
  if (reader.text[reader.at] === '!' && reader.text[reader.at + 1] !== '=') {
    reader.at++
    return { kind: 'not', part: single(reader) }
  }
  if (eat(reader, '(')) {
    const inner = either(reader)
    expect(reader, ')')
    skipSpace(reader)
    return inner
  }
  const left = operand(reader)
  const operator = /^(?:==|!=|<=|>=|=~|<|>)/.exec(reader.text.slice(reader.at))?.[0]
  if (operator === undefined) return { kind: 'exists', operand: left }
  reader.at += operator.length
  return { kind: 'compare', operator, left, right: operand(reader) }
}

function operand(reader: PathReader): Operand {
  skipSpace(reader)
  const found = readOperand(reader)
  skipSpace(reader)
  return found
}

function readOperand(reader: PathReader): Operand {
  const char = reader.text[reader.at] ?? ''
  if (char === '@' || char === '$') {
    reader.at++
    return { kind: 'path', from: char === '@' ? 'current' : 'root', steps: parseSteps(reader) }
  }
  if (char === "'" || char === '"') return { kind: 'literal', value: quoted(reader) }
  const word = /^(?:true|false|null|nil|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/.exec(
    reader.text.slice(reader.at),
  )
  if (!word) throw new PathMistake(`unrecognized operand in filter of ${reader.text}`)
  reader.at += word[0].length
  return { kind: 'literal', value: words.has(word[0]) ? words.get(word[0]) : Number(word[0]) }
}

const words: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['nil', null],
])

function skipSpace(reader: PathReader): void {
  while (/^\s$/.test(reader.text[reader.at] ?? '')) reader.at++
}

function eat(reader: PathReader, text: string): boolean {
  if (!reader.text.startsWith(text, reader.at)) return false
  reader.at += text.length
  return true
}

function expect(reader: PathReader, text: string): void {
  if (!eat(reader, text))
    throw new PathMistake(`expected ${text} at ${reader.at} in ${reader.text}`)
}
