import type { Overrides } from '../input/overrides.ts'
import type { RuntimeChoice } from '../node/choose-runtime.ts'
import type { EarlyRuntime } from '../node/early-runtime.ts'

/** What the user asked for, understood. */
export interface RunOptions {
  readonly files: readonly string[]
  readonly overrides: Overrides
  readonly runtime: RuntimeChoice
  readonly early: EarlyRuntime | undefined
  readonly imagesFile: string | undefined
  readonly dataDir: string | undefined
  readonly output: OutputFormat
  readonly log: boolean
  readonly timeoutMs: number | undefined
}

export const outputFormats = ['tree', 'wide', 'json', 'yaml'] as const
export type OutputFormat = (typeof outputFormats)[number]

/** The streams of the process, as far as a run uses them. */
export interface Streams {
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}
