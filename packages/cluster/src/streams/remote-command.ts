import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { TerminalSize } from '../node/runtime.ts'
import type { CommandEnd } from './command-end.ts'

/** What a client of exec or attach asked for. */
export interface CommandOptions {
  readonly container: string
  readonly command: readonly string[]
  readonly stdin: boolean
  readonly stdout: boolean
  readonly stderr: boolean
  readonly tty: boolean
}

/** A client of exec or attach once its streams are open, however they come. */
export interface RemoteCommand {
  readonly stdin: Readable
  /** What goes to a stream that was not asked for is dropped. */
  readonly stdout: Writable
  readonly stderr: Writable
  /** Called with each new size of the client's terminal, also with those that came before. */
  onSize(hear: (size: TerminalSize) => void): void
  /** Tells how it ended, and closes. */
  end(how: CommandEnd): Promise<void>
  /** Aborts when the client has gone. */
  readonly gone: AbortSignal
}

/**
 * Everything from one to the other, which stays open; resolves when there is no more, or nobody to read it. The last of it
 * may not have left the other then: `end` sees to that.
 */
export async function carry(from: Readable, to: Writable): Promise<void> {
  await pipeline(from, to, { end: false }).catch(() => undefined)
}

/** `{"Width":100,"Height":30}`; undefined when it is something else. */
export function sizeOf(text: string): TerminalSize | undefined {
  try {
    const { Width, Height } = JSON.parse(text) as { Width?: unknown; Height?: unknown }
    if (!isSize(Width) || !isSize(Height)) return undefined
    return { columns: Width, rows: Height }
  } catch {
    return undefined
  }
}

function isSize(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536
}
