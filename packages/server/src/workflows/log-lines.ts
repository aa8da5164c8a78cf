/** A stream's lines, wherever the chunks are cut, as they come together; a line that has no end yet after a mebibyte is handed out in parts. */
export async function* logLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder()
  let partial = ''
  for await (const chunk of chunks) {
    const lines = (partial + decoder.decode(chunk, { stream: true })).split('\n')
    partial = lines.pop() ?? ''
    if (partial.length >= longest) {
      lines.push(partial)
      partial = ''
    }
    if (lines.length > 0) yield lines
  }
  if (partial !== '') yield [partial]
}

const longest = 1024 * 1024
