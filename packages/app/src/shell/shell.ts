/** A stream that commands write to. */
export interface Out {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  readonly rows?: number | undefined
  write(text: string): unknown
}

/** What a command has of the world beside its server: streams, the time, and how to say how it ended. */
export interface Shell {
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: Out
  readonly stderr: Out
  /** Of this program. */
  readonly version: string
  now(): number
  exit(code: number): void
}
