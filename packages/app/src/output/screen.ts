import { textWidth } from './text-width.ts'

/** The part of a terminal's stream that we use. */
export interface Terminal {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  readonly rows?: number | undefined
  write(text: string): unknown
}

const hideCursor = '\u001b[?25l'
const showCursor = '\u001b[?25h'
const clearRestOfLine = '\u001b[K'
const clearBelow = '\u001b[J'
// Terminals that know it show the whole picture at once; the others ignore it.
const hold = '\u001b[?2026h'
const release = '\u001b[?2026l'

/**
 * A block of lines at the bottom of a terminal that is redrawn in place. Text printed above it scrolls away as usual.
 * The block is never higher than the terminal: what has left the screen at the top could not be redrawn.
 */
export class Screen {
  readonly #out: Terminal
  #lines: readonly string[] = []

  constructor(out: Terminal) {
    this.#out = out
  }

  get columns(): number {
    return Math.max(this.#out.columns ?? 80, 20)
  }

  /** How many lines a block may have. */
  get height(): number {
    return Math.max((this.#out.rows ?? 24) - 1, 3)
  }

  /** Replaces the block. */
  draw(lines: readonly string[]): void {
    const next = lines.slice(-this.height)
    const text = next.map((line) => `${line}${clearRestOfLine}\n`).join('')
    this.#out.write(`${hold}${hideCursor}${this.#home()}${text}${clearBelow}${release}`)
    this.#lines = next
  }

  /** Prints lines above the block, for good. */
  print(lines: readonly string[]): void {
    if (lines.length === 0) return
    const block = this.#lines
    const text = lines.map((line) => `${line}${clearRestOfLine}\n`).join('')
    const again = block.map((line) => `${line}${clearRestOfLine}\n`).join('')
    this.#out.write(`${hold}${this.#home()}${text}${clearBelow}${again}${release}`)
  }

  /** Leaves the block where it is and gives the cursor back. */
  end(): void {
    this.#lines = []
    this.#out.write(showCursor)
  }

  /** To the first line of the block. A terminal that became narrower has wrapped lines that fitted before. */
  #home(): string {
    const columns = this.columns
    let up = 0
    for (const line of this.#lines) up += Math.max(1, Math.ceil(textWidth(line) / columns))
    return up > 0 ? `\r\u001b[${Math.min(up, this.height + 1)}A` : '\r'
  }
}
