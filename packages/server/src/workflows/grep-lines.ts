import { type GoRegexp, matches } from '@argosy/engine'
import { requiredText } from './required-text.ts'

/** What is looked for in lines: a regular expression of Go's, and what every line that it matches holds. */
export interface LinePattern {
  readonly regexp: GoRegexp
  readonly text: Buffer
}

export function linePattern(source: string, regexp: GoRegexp): LinePattern {
  return { regexp, text: Buffer.from(requiredText(source)) }
}

const newline = 0x0a
/** A line without an end is handed out in parts of this. */
const longest = 1024 * 1024

/** The lines that match: only those that hold the text are looked at one by one. */
export async function* grepLines(
  chunks: AsyncIterable<Uint8Array>,
  pattern: LinePattern,
): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const block = rest.length === 0 ? asBuffer(chunk) : Buffer.concat([rest, chunk])
    const end = block.length > longest ? block.length : block.lastIndexOf(newline) + 1
    yield* matching(block.subarray(0, end), pattern)
    rest = block.subarray(end)
  }
  yield* matching(rest, pattern)
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function* matching(block: Buffer, { regexp, text }: LinePattern): Generator<string> {
  for (let at = 0; at < block.length; ) {
    const found = block.indexOf(text, at)
    if (found < 0) return
    const from = found === 0 ? 0 : block.lastIndexOf(newline, found - 1) + 1
    const next = block.indexOf(newline, found)
    const to = next < 0 ? block.length : next
    const line = block.toString('utf8', from, to)
    if (matches(regexp, line)) yield line
    at = to + 1
  }
}
