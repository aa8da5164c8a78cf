import type { Position } from '@argosy/kube'

/** What is no text, and where that begins. */
export class TextError extends Error {
  readonly line: number
  readonly column: number

  constructor(message: string, { line, column }: Position) {
    super(message)
    this.line = line
    this.column = column
  }
}

/** What a text of YAML or JSON cannot have; as libyaml and go-yaml. */
const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/

/** The text in a file: UTF-8, or UTF-16 with a byte order mark. Throws what is none, rather than to put other letters in. */
export function decodeText(bytes: Uint8Array): string {
  const text = utf16(bytes) ?? utf8(bytes)
  const at = text.search(control)
  if (at < 0) return text
  const code = text.charCodeAt(at).toString(16).padStart(2, '0')
  throw new TextError(`a control character (0x${code}): this is no text`, placeOf(text, at))
}

function utf16(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes
  const isLittle = first === 0xff && second === 0xfe
  if (!isLittle && !(first === 0xfe && second === 0xff)) return undefined
  return new TextDecoder(isLittle ? 'utf-16le' : 'utf-16be').decode(bytes)
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new TextError('this is not UTF-8: save the file in that encoding', firstWrong(bytes))
  }
}

/** Line by line: in a line that cannot be read the first sign that stands for what could not. */
function firstWrong(bytes: Uint8Array): Position {
  const lines = Buffer.from(bytes).toString('latin1').split('\n')
  const wrong = lines.findIndex((line) => {
    const own = Buffer.from(line, 'latin1')
    return !own.equals(Buffer.from(own.toString('utf8'), 'utf8'))
  })
  const line = Buffer.from(lines[wrong] ?? '', 'latin1').toString('utf8')
  return { line: wrong + 1, column: line.indexOf('\ufffd') + 1 }
}

function placeOf(text: string, at: number): Position {
  const before = text.slice(0, at).split('\n')
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 }
}
