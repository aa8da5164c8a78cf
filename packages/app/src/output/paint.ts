import { styleText } from 'node:util'
import type { Look } from '../tree/fold.ts'

type Style = Parameters<typeof styleText>[0]

/** Colours and signs of one terminal; without colours the signs alone tell. */
export interface Paint {
  sign(look: Look | undefined): string
  look(look: Look | undefined, text: string): string
  faint(text: string): string
  strong(text: string): string
}

/** Upstream's signs. */
export const signs: Record<Look, string> = {
  Pending: '◷',
  Running: '●',
  Suspended: 'ǁ',
  Succeeded: '✔',
  Skipped: '○',
  Failed: '✖',
  Error: '⚠',
  Omitted: '○',
}

const styles: Record<Look, Style> = {
  Pending: 'yellow',
  Running: 'cyan',
  Suspended: 'yellow',
  Succeeded: 'green',
  Skipped: 'gray',
  Failed: 'red',
  Error: 'red',
  Omitted: 'gray',
}

export const plain: Paint = {
  sign: (look) => (look ? signs[look] : ' '),
  look: (_, text) => text,
  faint: (text) => text,
  strong: (text) => text,
}

const coloured: Paint = {
  sign: (look) => (look ? dye(styles[look], signs[look]) : ' '),
  look: (look, text) => (look ? dye(styles[look], text) : text),
  faint: (text) => dye('gray', text),
  strong: (text) => dye('bold', text),
}

/** Colours where a person looks at them, and no `NO_COLOR` asks for none. */
export function paintFor(stream: { readonly isTTY?: boolean | undefined }): Paint {
  const refused = (process.env['NO_COLOR'] ?? '') !== '' || process.env['TERM'] === 'dumb'
  return stream.isTTY && !refused ? coloured : plain
}

function dye(style: Style, text: string): string {
  return styleText(style, text, { validateStream: false })
}
