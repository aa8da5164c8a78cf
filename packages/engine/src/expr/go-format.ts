import { goType } from './go-value.ts'
import { formatVerb, type Verb } from './go-verb.ts'

/** Go's fmt.Sprintf: int is bigint, float64 is number; bad verbs give Go's `%!d(string=x)`. */
export function sprintf(format: string, ...values: readonly unknown[]): string {
  const run: Run = { format, values, at: 0, next: 0, reordered: false }
  let out = ''
  while (run.at < format.length) {
    const percent = format.indexOf('%', run.at)
    if (percent < 0) {
      out += format.slice(run.at)
      break
    }
    out += format.slice(run.at, percent)
    run.at = percent + 1
    out += directive(run)
  }
  return run.reordered || run.next >= values.length ? out : out + extra(values.slice(run.next))
}

/** Go's fmt.Sprint of one value: `%v`. */
export function sprint(value: unknown): string {
  return typeof value === 'string' ? value : formatVerb(plain, value)
}

interface Run {
  readonly format: string
  readonly values: readonly unknown[]
  at: number
  next: number
  reordered: boolean
}

const plain: Verb = { letter: 'v', flags: '', width: undefined, precision: undefined }

function directive(run: Run): string {
  const flags = take(run, /[ +\-#0]*/y)
  const bad = indexed(run)
  const width = measure(run)
  let precision: number | undefined
  let badAfter = false
  if (run.format[run.at] === '.') {
    run.at++
    badAfter = indexed(run)
    precision = measure(run) ?? 0
    if (precision === badMeasure || precision < 0) precision = undefined
  }
  const badLast = indexed(run)
  const letter = String.fromCodePoint(run.format.codePointAt(run.at) ?? 0)
  if (run.at >= run.format.length) return '%!(NOVERB)'
  run.at += letter.length
  if (letter === '%') return '%'
  if (bad || badAfter || badLast) return `%!${letter}(BADINDEX)`
  if (run.next >= run.values.length) return `%!${letter}(MISSING)`
  const value = run.values[run.next++]
  return complaint(width) + formatVerb(verb(letter, flags, width, precision), value)
}

function verb(
  letter: string,
  flags: string,
  width: number | undefined,
  precision: number | undefined,
): Verb {
  if (width === undefined || width === badMeasure)
    return { letter, flags, width: undefined, precision }
  return width < 0
    ? { letter, flags: `${flags}-`, width: -width, precision }
    : { letter, flags, width, precision }
}

const badMeasure = Number.MIN_SAFE_INTEGER

function complaint(width: number | undefined): string {
  return width === badMeasure ? '%!(BADWIDTH)' : ''
}

// A width or precision: digits, or `*` that takes an int argument.
function measure(run: Run): number | undefined {
  if (run.format[run.at] === '*') {
    run.at++
    const value = run.values[run.next++]
    const small = typeof value === 'bigint' && value < 1_000_000n && value > -1_000_000n
    return small ? Number(value) : badMeasure
  }
  const digits = take(run, /\d*/y)
  if (digits === '') return undefined
  return Number(digits) > 1_000_000 ? badMeasure : Number(digits)
}

// An explicit argument index such as `[2]`; true when it is out of range.
function indexed(run: Run): boolean {
  const text = take(run, /\[\d+\]/y)
  if (text === '') return false
  const index = Number(text.slice(1, -1))
  run.reordered = true
  if (index < 1 || index > run.values.length) return true
  run.next = index - 1
  return false
}

function take(run: Run, pattern: RegExp): string {
  pattern.lastIndex = run.at
  const text = pattern.exec(run.format)?.[0] ?? ''
  run.at += text.length
  return text
}

function extra(values: readonly unknown[]): string {
  const shown = values.map((value) =>
    value === null || value === undefined ? '<nil>' : `${goType(value)}=${sprint(value)}`,
  )
  return `%!(EXTRA ${shown.join(', ')})`
}
