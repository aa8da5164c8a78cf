/** A stream's lines, wherever the chunks are cut; a line that has no end yet after a mebibyte is handed out in parts. */
export async function* logLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let partial = ''
  for await (const chunk of chunks) {
    const lines = (partial + decoder.decode(chunk, { stream: true })).split('\n')
    partial = lines.pop() ?? ''
    yield* lines
    if (partial.length < longest) continue
    yield partial
    partial = ''
  }
  if (partial !== '') yield partial
}

const longest = 1024 * 1024
