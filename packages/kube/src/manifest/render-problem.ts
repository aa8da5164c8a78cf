/** Where and what; `file`, `line` and `column` are as an editor's jump list wants them. */
export interface PlacedProblem {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
  readonly expected?: string
}

/** `file:line:column: message`, what was expected, and the line itself with a caret under the place. */
export function renderProblem(problem: PlacedProblem, text: string): string {
  const { file, line, column, message, expected } = problem
  const head = `${file}:${line}:${column}: ${printable(message)}`
  const tail = expected ? [`  expected: ${expected}`] : []
  const whole = text.split('\n')[line - 1]?.trimEnd()
  if (whole === undefined) return [head, ...tail].join('\n')

  // Of a very long line, as of JSON without line breaks, the part around the place.
  const from = whole.length > longest ? Math.max(0, column - 1 - longest / 2) : 0
  const source = printable(whole.slice(from, from + longest))
  const gutter = `${line} | `
  // Tabs stay tabs, so that the caret stands where a terminal shows the place.
  const indent = source.slice(0, column - 1 - from).replaceAll(/[^\t]/g, ' ')
  const caret = `${' '.repeat(gutter.length - 2)}| ${indent}^`
  return [head, ...tail, `${gutter}${source}`, caret].join('\n')
}

/** What is no text must not reach a terminal: it may be a command to it. */
function printable(text: string): string {
  return text.replace(/(?![\t\n])\p{Cc}/gu, '\ufffd')
}

const longest = 400
