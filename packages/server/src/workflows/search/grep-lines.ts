import { type GoRegexp, matches } from '@argosy/engine'
import { type RequiredTexts, requiredTexts } from './required-text.ts'

/** What is looked for in lines: a regular expression of Go's, and where to look more closely. */
export interface LinePattern {
  readonly source: string
  readonly regexp: GoRegexp
  /** Where the next line may be that matches, from there on; -1: nowhere. */
  find(block: Buffer, from: number): number
}

export function linePattern(source: string, regexp: GoRegexp): LinePattern {
  return { source, regexp, find: finder(requiredTexts(source)) }
}

function finder(required: RequiredTexts | undefined): LinePattern['find'] {
  if (required === undefined) return (block, from) => (from < block.length ? from : -1)
  const { texts, fold } = required
  const [only = '', ...others] = texts
  if (fold || others.length > 0) return oneOf(texts, fold ? 'gi' : 'g')
  const bytes = Buffer.from(only)
  return (block, from) => block.indexOf(bytes, from)
}

/** Plain texts only: nothing in such an expression can take long. */
function oneOf(texts: readonly string[], flags: string): LinePattern['find'] {
  const parts = texts.map((text) => escaped(Buffer.from(text).toString('latin1')))
  const expression = new RegExp(parts.join('|'), flags)
  let known: { readonly block: Buffer; readonly text: string } | undefined
  return (block, from) => {
    // A letter for each byte: places in the text are places in the block.
    if (known?.block !== block) known = { block, text: block.toString('latin1') }
    expression.lastIndex = from
    return expression.exec(known.text)?.index ?? -1
  }
}

const escaped = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')

const newline = 0x0a
/** A line without an end is handed out in parts of this. */
const longest = 1024 * 1024

/** The lines that match, as many at a time as come together: only where one may be it is looked at. */
export async function* grepLines(
  chunks: AsyncIterable<Uint8Array>,
  pattern: LinePattern,
): AsyncGenerator<readonly string[]> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const cut = wholeLines(rest, asBuffer(chunk))
    const found = cut.blocks.flatMap((block) => [...grepBlock(block, pattern)])
    rest = cut.rest
    if (found.length > 0) yield found
  }
  const found = [...grepBlock(rest, pattern)]
  if (found.length > 0) yield found
}

/** What ends with a line, and what waits for more; of a large chunk nothing but the ends is copied. */
function wholeLines(
  rest: Buffer,
  bytes: Buffer,
): { readonly blocks: readonly Buffer[]; readonly rest: Buffer } {
  const first = bytes.indexOf(newline) + 1
  if (first === 0) {
    const longer = Buffer.concat([rest, bytes])
    return longer.length > longest
      ? { blocks: [longer], rest: Buffer.alloc(0) }
      : { blocks: [], rest: longer }
  }
  const last = bytes.lastIndexOf(newline) + 1
  const head = Buffer.concat([rest, bytes.subarray(0, first)])
  return { blocks: [head, bytes.subarray(first, last)], rest: bytes.subarray(last) }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** The lines of a block that match; it begins with one and ends with one. */
export function* grepBlock(block: Buffer, { regexp, find }: LinePattern): Generator<string> {
  for (let at = 0; at < block.length; ) {
    const found = find(block, at)
    if (found < 0) return
    const from = found === 0 ? 0 : block.lastIndexOf(newline, found - 1) + 1
    const next = block.indexOf(newline, found)
    const to = next < 0 ? block.length : next
    const line = block.toString('utf8', from, to)
    if (matches(regexp, line)) yield line
    at = to + 1
  }
}
