/** Turns raw output into the lines of a CRI log file, as log shippers read them: `<time> stdout F <text>`. */
export async function* criLines(
  chunks: AsyncIterable<Buffer>,
  { stream, now }: { readonly stream: 'stdout' | 'stderr'; readonly now: () => number },
): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const lines = splitLines(Buffer.concat([rest, chunk]))
    rest = lines.rest
    for (const line of lines.whole) yield criLine(line, 'F', stream, now())
  }
  // A line that its program never ended is a partial one.
  if (rest.length > 0) yield criLine(rest, 'P', stream, now())
}

function splitLines(bytes: Buffer): { readonly whole: readonly Buffer[]; readonly rest: Buffer } {
  const whole: Buffer[] = []
  let start = 0
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, start)) {
    whole.push(bytes.subarray(start, at))
    start = at + 1
  }
  return { whole, rest: bytes.subarray(start) }
}

function criLine(text: Buffer, tag: 'F' | 'P', stream: string, at: number): string {
  const time = new Date(at).toISOString().replace(/(\.\d{3})Z$/, '$1000000Z')
  return `${time} ${stream} ${tag} ${text.toString()}\n`
}
