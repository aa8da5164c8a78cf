import { stripVTControlCharacters } from 'node:util'

/** Columns a text takes on a terminal: letters of East Asia and pictures take two, combining marks none. */
export function textWidth(text: string): number {
  let width = 0
  for (const char of stripVTControlCharacters(text)) width += charWidth(char)
  return width
}

/** The text cut to `width` columns, with an ellipsis where something is missing. Colours inside are lost when it is cut. */
export function clip(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  let left = width - 1
  let kept = ''
  for (const char of stripVTControlCharacters(text)) {
    left -= charWidth(char)
    if (left < 0) break
    kept += char
  }
  return width > 0 ? `${kept}…` : ''
}

/** One line without anything that could move a cursor: messages and names come from strangers. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim()
}

const wide = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\uff01-\uff60]/u

function charWidth(char: string): number {
  if (char <= '\u02ff') return 1
  if (/^\p{Mark}$/u.test(char)) return 0
  return wide.test(char) || /^\p{Emoji_Presentation}$/u.test(char) ? 2 : 1
}
