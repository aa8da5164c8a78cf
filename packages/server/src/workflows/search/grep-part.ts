import { closeSync, openSync, readSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import type { LogPart } from '../pod-logs.ts'
import { grepBlock, type LinePattern } from './grep-lines.ts'

/** A part of a file that is searched piece by piece, and what is held of a line that goes on in it. */
export interface GrepStep {
  readonly part: LogPart
  readonly rest: Uint8Array
}

/** What one piece has brought: `step.part` is what is left to be searched. */
export interface GrepFound {
  readonly lines: readonly string[]
  readonly step: GrepStep
}

/** A line without an end is handed out in parts of this. */
const longest = 2 * 1024 * 1024
/** In one look at the file: what fits into a processor's own memory is searched faster. */
const lookBytes = 256 * 1024
/** Others wait for the thread, and whoever asks may have left. */
const mostMs = 25
/** Found bytes wait in memory until they are sent. */
const mostLetters = 256 * 1024

/** Searches for some milliseconds; `buffer` is at least `grepBufferBytes` long and its contents are nobody's. */
export function grepPart(
  { part, rest }: GrepStep,
  pattern: LinePattern,
  buffer: Buffer,
): GrepFound {
  const lines: string[] = []
  const until = performance.now() + mostMs
  const file = openSync(part.path, 'r')
  let { start } = part
  let held = rest.length
  let letters = 0
  buffer.set(rest)
  try {
    while (start < part.end && letters < mostLetters) {
      const wanted = Math.min(lookBytes, buffer.length - held, part.end - start)
      const read = readSync(file, buffer, held, wanted, start)
      // It has become shorter: who reads it as a stream meets its end, too.
      start = read === 0 ? part.end : start + read
      if (read === 0) break
      const filled = held + read
      const end = wholeLines(buffer, filled)
      for (const line of grepBlock(buffer.subarray(0, end), pattern)) {
        letters += line.length
        lines.push(line)
      }
      buffer.copyWithin(0, end, filled)
      held = filled - end
      if (performance.now() > until) break
    }
  } finally {
    closeSync(file)
  }
  // A copy: the buffer is used again.
  const kept = Uint8Array.from(buffer.subarray(0, held))
  return { lines, step: { part: { ...part, start }, rest: kept } }
}

export const grepBufferBytes = longest + lookBytes

/** How much of what is there can be searched: the rest is the beginning of a line. */
function wholeLines(buffer: Buffer, filled: number): number {
  const end = buffer.lastIndexOf(0x0a, filled - 1) + 1
  return end === 0 && filled >= longest ? filled : end
}
