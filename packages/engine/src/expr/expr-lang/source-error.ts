/** Where something stands in an expression, in code points. */
export interface Location {
  readonly from: number
  readonly to: number
}

/** A mistake found while an expression is read or checked; thrown inside this room only. */
export class ExprMistake extends Error {
  readonly at: Location
  constructor(at: Location, message: string) {
    super(message)
    this.at = at
  }
}

/** The text that users see: message, place, the line and a pointer below it. */
export function located(message: string, at: Location, source: string): string {
  const chars = Array.from(source)
  let line = 1
  let column = 0
  let lineStart = 0
  for (let i = 0; i < at.from && i < chars.length; i++) {
    column++
    if (chars[i] === '\n') {
      line++
      column = 0
      lineStart = i + 1
    }
  }
  const newline = chars.indexOf('\n', lineStart)
  const text = chars.slice(lineStart, newline < 0 ? undefined : newline).join('')
  if (text === '') return message
  const shown = text.replaceAll('\t', ' ')
  return `${message} (${line}:${column + 1})\n | ${shown}\n | ${'.'.repeat(column)}^`
}
