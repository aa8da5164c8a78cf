import { byteLength, byteSlice, latinOf, ofLatin } from '../go-text.ts'

/** Cuts text to a width, three dots included. */
export function abbreviate(text: string, width: number): string {
  return width < 4 ? text : abbreviateFrom(text, 0, width)
}

/** The same, beginning after an offset. */
export function abbreviateBoth(text: string, left: number, width: number): string {
  return width < 4 || (left > 0 && width < 7) ? text : abbreviateFrom(text, left, width)
}

function abbreviateFrom(text: string, left: number, width: number): string {
  const length = byteLength(text)
  if (length <= width) return text
  const room = width - 3
  const offset = length - Math.min(left, length) < room ? length - room : Math.min(left, length)
  if (offset <= 4) return `${byteSlice(text, 0, room)}...`
  if (width < 7) return ''
  const rest = byteSlice(text, offset, length)
  if (offset + room < length) return `...${room < 4 ? '' : abbreviateFrom(rest, 0, room)}`
  return `...${byteSlice(text, length - room, length)}`
}

interface Wrapping {
  readonly newline: string
  readonly breakWords: boolean
}

/** Breaks text into lines of at most `width` bytes; longer words are cut only when asked. */
export function wrap(text: string, width: number, { newline, breakWords }: Wrapping): string {
  return lines(latinOf(text), Math.max(1, width), breakWords).map(ofLatin).join(newline)
}

function lines(text: string, most: number, breakWords: boolean): readonly string[] {
  const made: string[] = []
  let at = 0
  while (text.length - at > most) {
    if (text[at] === ' ') {
      at++
      continue
    }
    const next = spaceNear(text, at, most, breakWords)
    if (next < 0 && !breakWords) break
    made.push(text.slice(at, next < 0 ? at + most : next))
    at = next < 0 ? at + most : next + 1
  }
  return [...made, text.slice(at)]
}

// The last space within the width, else the first one beyond it unless words may be cut.
function spaceNear(text: string, at: number, width: number, breakWords: boolean): number {
  const space = text.slice(at, at + width + 1).lastIndexOf(' ')
  if (space >= 0) return at + space
  return breakWords ? -1 : text.indexOf(' ', at + width)
}
