import { JsonPathMistake, type ListNode, type Node, Real } from './node.ts'
import { parseArray } from './parse-array.ts'
import { unquote } from './unquote.ts'

/** The template's texts and actions, in order. Throws `JsonPathMistake` in Kubernetes' words. */
export function parse(text: string): readonly Node[] {
  const nodes: Node[] = []
  let at = 0
  while (at < text.length) {
    const open = text.indexOf('{', at)
    const end = open < 0 ? text.length : open
    if (end > at) nodes.push({ kind: 'text', text: text.slice(at, end) })
    if (open < 0) break
    const action = new Action(text, open + 1)
    nodes.push({ kind: 'list', nodes: action.read() })
    at = action.at
  }
  return nodes
}

/** The steps of `{text}`; whatever stands behind its first closing brace is dropped. */
function parseAction(text: string): ListNode {
  const [first] = parse(`{${text}}`)
  return first?.kind === 'list' ? first : { kind: 'list', nodes: [] }
}

const terminators = new Set(['', ' ', '\t', '\r', '\n', '.', ',', '[', ']', '$', '@', '{', '}'])

/** Reads what stands between braces. */
class Action {
  at: number
  readonly #text: string
  readonly #nodes: Node[] = []

  constructor(text: string, at: number) {
    this.#text = text
    this.at = at
  }

  /** Up to the closing brace, which is read too. */
  read(): readonly Node[] {
    while (!this.#startsWith('}')) this.#step()
    this.at += 1
    return this.#nodes
  }

  #step(): void {
    const char = this.#peek()
    if (this.#startsWith('[?(')) this.#filter()
    else if (this.#startsWith('..')) this.#recursive()
    else if (char === ' ' || char === '@' || char === '$') this.at += 1
    else if (char === '[') this.#array()
    else if (char === '.') this.#field(this.at + 1)
    else this.#leaf(char)
  }

  #leaf(char: string): void {
    if (isQuote(char)) this.#quoted(char)
    else if (/[+\-\p{Nd}]/u.test(char)) this.#number()
    else if (/[_\p{L}]/u.test(char)) this.#word()
    else throw new JsonPathMistake(unreadable(char))
  }

  #startsWith(text: string): boolean {
    return this.#text.startsWith(text, this.at)
  }

  #peek(): string {
    const code = this.#text.codePointAt(this.at)
    return code === undefined ? '' : String.fromCodePoint(code)
  }

  #recursive(): void {
    if (this.#nodes.at(-1)?.kind === 'recursive') {
      throw new JsonPathMistake('invalid multiple recursive descent')
    }
    this.#nodes.push({ kind: 'recursive' })
    this.at += 2
    if (/[_\p{L}\p{Nd}]/u.test(this.#peek())) this.#field(this.at)
  }

  #field(from: number): void {
    this.at = from
    while (!terminators.has(this.#peek())) {
      this.at +=
        this.#peek() === '\\'
          ? 1 + String(this.#text[this.at + 1] ?? '').length
          : this.#peek().length
    }
    const name = this.#text.slice(from, this.at)
    this.#nodes.push(
      name === '*' ? { kind: 'wildcard' } : { kind: 'field', name: name.replaceAll('\\', '') },
    )
  }

  #number(): void {
    const [text = ''] = /^[+-]?[.\p{Nd}]*/u.exec(this.#text.slice(this.at)) ?? []
    this.at += text.length
    if (/^[+-]?\d+$/.test(text)) this.#nodes.push({ kind: 'literal', value: Number(text) })
    else if (/^[+-]?(?:\d+\.\d*|\.\d+)$/.test(text)) {
      this.#nodes.push({ kind: 'literal', value: new Real(Number(text)) })
    } else throw new JsonPathMistake(`cannot parse number ${text}`)
  }

  #word(): void {
    const from = this.at
    while (!terminators.has(this.#peek())) this.at += this.#peek().length
    const name = this.#text.slice(from, this.at)
    this.#nodes.push(
      name === 'true' || name === 'false'
        ? { kind: 'literal', value: name === 'true' }
        : { kind: 'identifier', name },
    )
  }

  #quoted(quote: string): void {
    let end = this.at + 1
    while (this.#text[end] !== quote || this.#text[end - 1] === '\\') {
      if (end >= this.#text.length || this.#text[end] === '\n') {
        throw new JsonPathMistake('unterminated quoted string')
      }
      end += 1
    }
    this.#nodes.push({ kind: 'text', text: unquote(this.#text.slice(this.at, end + 1)) })
    this.at = end + 1
  }

  #array(): void {
    const rest = this.#text.slice(this.at)
    const [whole, inside = ''] = /^\[([^\]\n]*)\]/.exec(rest) ?? []
    if (whole === undefined) throw new JsonPathMistake('unterminated array')
    this.at += whole.length
    this.#nodes.push(...parseArray(inside, parseAction))
  }

  #filter(): void {
    const from = this.at + 3
    const end = this.#endOfFilter(from)
    if (this.#text[end + 1] !== ']') throw new JsonPathMistake('unclosed array expect ]')
    this.at = end + 2
    const text = this.#text.slice(from, end)
    const [, left, operator, right] = /^([^!<>=]+)([!<>=]+)(.+)$/.exec(text) ?? []
    this.#nodes.push(
      left === undefined || operator === undefined || right === undefined
        ? exists(parseAction(text))
        : { kind: 'filter', left: parseAction(left), operator, right: parseAction(right) },
    )
  }

  /** Where the filter's closing parenthesis is: not one between the first quote and its partner. */
  #endOfFilter(from: number): number {
    let quote = ''
    let paired = false
    for (let at = from; at < this.#text.length && this.#text[at] !== '\n'; at++) {
      const char = this.#text[at] ?? ''
      if (char === ')' && (quote !== '') === paired) return at
      const isPartner = char === quote && this.#text[at - 1] !== '\\'
      if (isPartner) paired = true
      else if (quote === '' && isQuote(char)) quote = char
    }
    throw new JsonPathMistake('unterminated filter')
  }
}

function unreadable(char: string): string {
  if (char === '' || char === '\r' || char === '\n') return 'unclosed action'
  const code = char.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')
  return `unrecognized character in action: U+${code} '${char}'`
}

function isQuote(char: string): boolean {
  return char === '"' || char === "'"
}

function exists(left: ListNode): Node {
  return { kind: 'filter', left, operator: 'exists', right: { kind: 'list', nodes: [] } }
}
