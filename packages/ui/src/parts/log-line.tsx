import type { CSSProperties } from 'react'
import { ansiSpans, type Look, type Span } from '../format/ansi.ts'

interface LogLineProps {
  /** As it was written, with its colours. */
  readonly line: string
  /** The text alone. */
  readonly clean: string
  /** What is looked for. */
  readonly text: string
}

/** Of a longer line no more than this is drawn: a browser works for seconds on a line of megabytes. */
const mostDrawn = 4000

/** One line of a log in the colours that it was written with, the first place of what is looked for marked. */
export function LogLine({ line, clean, text }: LogLineProps) {
  const at = text === '' ? -1 : clean.toLowerCase().indexOf(text.toLowerCase())
  const from = at < mostDrawn - text.length ? 0 : at - 200
  const to = Math.min(clean.length, from + mostDrawn)
  const spans = clean === line ? [{ text: clean, look: {} }] : ansiSpans(line)
  const marked = at < 0 ? { from: -1, to: -1 } : { from: at, to: at + text.length }
  return (
    <span>
      {from > 0 && <Rest count={from} />}
      {cut(spans, from, to).flatMap((piece) => parts(piece, marked))}
      {to < clean.length && <Rest count={clean.length - to} />}
    </span>
  )
}

function Rest({ count }: { readonly count: number }) {
  return <i className="quiet"> … {count.toLocaleString('en')} more letters (Save has them) … </i>
}

/** A piece of a line, and where it begins there. */
interface Piece extends Span {
  readonly start: number
}

function cut(spans: readonly Span[], from: number, to: number): readonly Piece[] {
  const pieces: Piece[] = []
  let start = 0
  for (const { text, look } of spans) {
    const [first, last] = [Math.max(0, from - start), Math.min(text.length, to - start)]
    if (last > first) pieces.push({ text: text.slice(first, last), look, start: start + first })
    start += text.length
  }
  return pieces
}

/** Before, in and behind what is marked. */
function parts({ text, look, start }: Piece, marked: { from: number; to: number }) {
  const inside = (place: number) => Math.min(text.length, Math.max(0, place - start))
  const [a, b] = marked.from < 0 ? [0, 0] : [inside(marked.from), inside(marked.to)]
  const style = styleOf(look)
  const pieces = [
    { key: 'before', part: text.slice(0, a), Tag: 'span' },
    { key: 'hit', part: text.slice(a, b), Tag: 'mark' },
    { key: 'after', part: text.slice(b), Tag: 'span' },
  ] as const
  return pieces.flatMap(({ key, part, Tag }) =>
    part === ''
      ? []
      : [
          <Tag key={`${start} ${key}`} {...(style && { style })}>
            {part}
          </Tag>,
        ],
  )
}

function styleOf(look: Look): CSSProperties | undefined {
  const { color, background, bold, dim, italic, underline } = look
  if (Object.keys(look).length === 0) return undefined
  return {
    ...(color !== undefined && { color: inkOf(color) }),
    ...(background !== undefined && { background: groundOf(background) }),
    ...(bold && { fontWeight: 700 }),
    ...(dim && color === undefined && { color: 'var(--quiet)' }),
    ...(italic && { fontStyle: 'italic' }),
    ...(underline && { textDecoration: 'underline' }),
  }
}

/** The sixteen are chosen for the theme; any other colour is drawn towards the ink, so that it can be read. */
function inkOf(color: number | string): string {
  if (typeof color === 'number') return `var(--ansi-${color % 8})`
  return `color-mix(in oklab, ${color} 30%, var(--ink))`
}

/** A ground is a tint: the ink stays what it is. */
function groundOf(color: number | string): string {
  const tint = typeof color === 'number' ? `var(--ansi-${color % 8})` : color
  return `color-mix(in oklab, ${tint} 18%, transparent)`
}
