import { isMap, isNode, isSeq, LineCounter, parseDocument } from 'yaml'

/** Something wrong with a text, from one character to another. */
export interface TextProblem {
  readonly from: number
  readonly to: number
  readonly message: string
}

/** The object in a text, or why there is none. */
export function parseYaml(text: string): {
  readonly value?: unknown
  readonly problems: readonly TextProblem[]
} {
  const document = parseDocument(text, { lineCounter: new LineCounter() })
  const problems = document.errors.map(({ pos: [from, to], message }) => ({
    from: Math.min(from, text.length),
    to: Math.min(Math.max(to, from + 1), text.length),
    message: message.split('\n')[0] ?? message,
  }))
  return problems.length > 0 ? { problems } : { value: document.toJS(), problems }
}

/**
 * Where in the text a refusal of the server points: `templates.main.steps[0].hello name is required`. As far as the path
 * can be followed; the first line when it cannot.
 */
export function placeOf(text: string, message: string): TextProblem {
  const path = /[\w-]+(?:\[\d+\]|\.[\w-]+)+/.exec(message)?.[0] ?? ''
  const steps = path.split(/[.[\]]+/).filter(Boolean)
  const document = parseDocument(text)
  let at: unknown = document.get('spec', true) ?? document.contents
  let found: unknown
  for (const step of steps[0] === 'spec' ? steps.slice(1) : steps) {
    const next = childOf(at, step)
    if (next === undefined) break
    found = next
    at = next
  }
  const range = isNode(found) ? found.range : undefined
  const from = range?.[0] ?? 0
  const end = text.indexOf('\n', from)
  return { from, to: end < 0 ? text.length : Math.max(end, from + 1), message }
}

/** A member by its key, an item by its number or by its name, as upstream names templates, steps and parameters. */
function childOf(node: unknown, step: string): unknown {
  if (isMap(node)) return node.get(step, true)
  if (!isSeq(node)) return undefined
  if (/^\d+$/.test(step)) return node.get(Number(step), true)
  return node.items.find((item) => isMap(item) && item.get('name') === step)
}
