/** Cuts a stream of text into whole lines; what is left waits for the next piece. */
export function lineCutter(): (piece: string) => readonly string[] {
  let rest = ''
  return (piece) => {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  }
}

/** A message of Argo's streams: something, or what went wrong. */
export interface Frame<T> {
  readonly result?: T
  readonly error?: { readonly message?: string; readonly http_code?: number }
}

/** The frame in one line of a stream: `data: {…}` of server-sent events, or JSON alone. Comments and blanks are none. */
export function frameOf<T>(line: string): Frame<T> | undefined {
  const text = (line.startsWith('data:') ? line.slice(5) : line).trim()
  if (!text.startsWith('{')) return undefined
  return JSON.parse(text) as Frame<T>
}
