/** How a terminal would show a piece of a line. */
export interface Look {
  /** One of the sixteen, or a colour of CSS. */
  readonly color?: number | string
  readonly background?: number | string
  readonly bold?: boolean
  readonly dim?: boolean
  readonly italic?: boolean
  readonly underline?: boolean
}

export interface Span {
  readonly text: string
  readonly look: Look
}

/** What a terminal obeys; an escape that begins nothing is shown by none. */
const escapes =
  /\u001b\[([0-9;:?]*)[ -/]*([@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b/g

/** What a terminal would show of a line: after a carriage return only what overwrote it. */
function shown(line: string): string {
  const seen = line.replace(/\r+$/, '')
  return seen.slice(seen.lastIndexOf('\r') + 1).replaceAll('\t', '    ')
}

/** The text alone. */
export function withoutControl(line: string): string {
  return shown(line).replace(escapes, '')
}

/** The text in pieces, each with its look; together they are `withoutControl`. */
export function ansiSpans(line: string): readonly Span[] {
  const text = shown(line)
  const spans: Span[] = []
  let look: Look = {}
  let at = 0
  const take = (to: number) => {
    if (to > at) spans.push({ text: text.slice(at, to), look })
  }
  for (const match of text.matchAll(escapes)) {
    take(match.index)
    at = match.index + match[0].length
    if (match[2] === 'm') look = turned(look, match[1] ?? '')
  }
  take(text.length)
  return spans
}

/** A look after `ESC [ codes m`. */
function turned(before: Look, codes: string): Look {
  const numbers = codes.split(/[;:]/).map(Number)
  let look = before
  while (numbers.length > 0) {
    const code = numbers.shift() ?? 0
    if (code === 38) look = { ...look, ...named('color', colorIn(numbers)) }
    else if (code === 48) look = { ...look, ...named('background', colorIn(numbers)) }
    else look = withCode(look, code)
  }
  return look
}

const switches: Readonly<Record<number, Partial<Look>>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
}

function withCode(look: Look, code: number): Look {
  if (code === 0) return {}
  if (code === 39) return without(look, 'color')
  if (code === 49) return without(look, 'background')
  return { ...look, ...switches[code], ...colors.get(code) }
}

/** 30 to 37 and 40 to 47, and their bright ones from 90 and 100 on. */
const colors: ReadonlyMap<number, Partial<Look>> = new Map(
  [0, 1, 2, 3, 4, 5, 6, 7].flatMap((ones): (readonly [number, Partial<Look>])[] => [
    [30 + ones, { color: ones }],
    [40 + ones, { background: ones }],
    [90 + ones, { color: ones + 8 }],
    [100 + ones, { background: ones + 8 }],
  ]),
)

function without(look: Look, name: 'color' | 'background'): Look {
  const { [name]: _, ...others } = look
  return others
}

function named(name: 'color' | 'background', color: number | string | undefined): Partial<Look> {
  return color === undefined ? {} : { [name]: color }
}

/** What follows 38 and 48: `5;n` of 256 colours, or `2;r;g;b`. Takes it from the codes. */
function colorIn(codes: number[]): number | string | undefined {
  const kind = codes.shift()
  if (kind === 2) return rgb(codes.splice(0, 3))
  if (kind !== 5) return undefined
  const index = codes.shift() ?? 0
  if (index < 16) return index
  if (index >= 232) return rgb(Array(3).fill((index - 232) * 10 + 8))
  const steps = [Math.floor((index - 16) / 36), Math.floor((index - 16) / 6) % 6, (index - 16) % 6]
  return rgb(steps.map((step) => (step === 0 ? 0 : step * 40 + 55)))
}

function rgb(parts: readonly number[]): string {
  const clean = [0, 1, 2].map((at) => Math.min(255, Math.max(0, Math.trunc(parts[at] ?? 0) || 0)))
  return `rgb(${clean.join(' ')})`
}
