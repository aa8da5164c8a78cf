import { sprint } from './go-format.ts'
import { marshal } from './go-json.ts'
import { isRecord } from './go-value.ts'
import { type PathReader, parseSteps, quoted } from './jsonpath/parse-path.ts'
import { PathMistake, type PathStep } from './jsonpath/path.ts'
import { select } from './jsonpath/select.ts'

/**
 * Kubernetes' JSONPath template, as `kubectl -o jsonpath`: text with `{.a.b[0]}`, `{range .items[*]}…{end}`
 * and quoted text. What is not there prints nothing.
 */
export function kubeJsonPath(
  template: string,
  root: unknown,
): { readonly text: string } | { readonly error: string } {
  try {
    const source = /[{}]/.test(template)
      ? template
      : `{${/^[.[$@]/.test(template) ? '' : '.'}${template}}`
    return { text: render(blocks(pieces(source)), root, root) }
  } catch (mistake) {
    if (mistake instanceof PathMistake) return { error: mistake.message }
    if (mistake instanceof RangeError) return { error: 'the template is nested too deeply' }
    throw mistake
  }
}

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'path'
      readonly from: 'root' | 'current'
      readonly steps: readonly PathStep[]
    }
  | {
      readonly kind: 'range'
      readonly from: 'root' | 'current'
      readonly steps: readonly PathStep[]
    }
  | { readonly kind: 'end' }

type Block =
  | Extract<Piece, { kind: 'text' | 'path' }>
  | (Extract<Piece, { kind: 'range' }> & { readonly body: readonly Block[] })

function pieces(template: string): Piece[] {
  const found: Piece[] = []
  const reader: PathReader = { text: template, at: 0 }
  while (reader.at < template.length) {
    const open = template.indexOf('{', reader.at)
    const text = template.slice(reader.at, open < 0 ? undefined : open)
    if (text !== '') found.push({ kind: 'text', text })
    if (open < 0) break
    reader.at = open + 1
    action(reader, found)
  }
  return found
}

function action(reader: PathReader, found: Piece[]): void {
  for (;;) {
    while (/^\s$/.test(reader.text[reader.at] ?? '')) reader.at++
    const char = reader.text[reader.at]
    if (char === undefined) throw new PathMistake('unclosed action')
    if (char === '}') {
      reader.at++
      return
    }
    found.push(piece(reader, char))
  }
}

function piece(reader: PathReader, char: string): Piece {
  if (char === '"' || char === "'") return { kind: 'text', text: quoted(reader) }
  const word = /^(range|end)\b/.exec(reader.text.slice(reader.at))?.[1]
  if (word !== undefined) reader.at += word.length
  if (word === 'end') return { kind: 'end' }
  while (/^\s$/.test(reader.text[reader.at] ?? '')) reader.at++
  return { kind: word === 'range' ? 'range' : 'path', ...marked(reader) }
}

function marked(reader: PathReader): Pick<Extract<Piece, { kind: 'path' }>, 'from' | 'steps'> {
  const start = reader.text[reader.at] ?? ''
  const first = reader.at
  if (start === '$' || start === '@') reader.at++
  const steps = parseSteps(reader)
  // A dot alone is the current value.
  if (steps.length === 0 && reader.text[reader.at] === '.') reader.at++
  if (reader.at === first)
    throw new PathMistake(`unrecognized character in action: ${JSON.stringify(start)}`)
  return { from: start === '$' ? 'root' : 'current', steps }
}

function blocks(flat: readonly Piece[]): readonly Block[] {
  const [body, rest] = nest(flat)
  if (rest.length > 0) throw new PathMistake('not in range, nothing to end')
  return body
}

function nest(flat: readonly Piece[]): readonly [readonly Block[], readonly Piece[]] {
  const body: Block[] = []
  let rest = flat
  for (let [first] = rest; first !== undefined; [first] = rest) {
    if (first.kind === 'end') return [body, rest]
    rest = rest.slice(1)
    if (first.kind !== 'range') {
      body.push(first)
      continue
    }
    const [inner, after] = nest(rest)
    if (after.length === 0) throw new PathMistake('unterminated range, not found {end}')
    body.push({ ...first, body: inner })
    rest = after.slice(1)
  }
  return [body, rest]
}

function render(body: readonly Block[], root: unknown, current: unknown): string {
  return body.map((block) => renderOne(block, root, current)).join('')
}

function renderOne(block: Block, root: unknown, current: unknown): string {
  if (block.kind === 'text') return block.text
  const start = block.from === 'root' ? root : current
  const values = select([start], block.steps, { root, missing: () => undefined })
  if (block.kind === 'path') return values.map(shown).join(' ')
  return values.map((value) => render(block.body, root, value)).join('')
}

function shown(value: unknown): string {
  return Array.isArray(value) || isRecord(value)
    ? marshal(value, { html: false })
    : value === null
      ? ''
      : sprint(value)
}
