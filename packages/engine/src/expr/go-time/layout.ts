export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

export const dayNames = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const

/** A piece of a Go layout: literal text, then perhaps a placeholder. */
export interface Chunk {
  readonly literal: string
  readonly element: string
}

const placeholder =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|0[1-6]|002|15|1|2006|2|__2|_2(?!006)|3|4|5|PM|pm|[-Z]07(?:0000|:00:00|00|:00|)|[.,](?:0+|9+)(?!\d)/g

/** Cuts a Go layout such as `2006-01-02T15:04:05Z07:00` into its placeholders. */
export function chunks(layout: string): readonly Chunk[] {
  const found: Chunk[] = []
  let from = 0
  for (const match of layout.matchAll(placeholder)) {
    found.push({ literal: layout.slice(from, match.index), element: match[0] })
    from = match.index + match[0].length
  }
  if (from < layout.length) found.push({ literal: layout.slice(from), element: '' })
  return found
}

export const rfc3339Nano = '2006-01-02T15:04:05.999999999Z07:00'
export const stringLayout = '2006-01-02 15:04:05.999999999 -0700 MST'
