import { PathMistake } from './path.ts'

/** Cuts a path into the texts of its steps, as evilmonkeyinc/jsonpath does. */
export function tokensOf(path: string): readonly string[] {
  const chars = Array.from(path)
  const [first = '', second] = chars
  if (first !== '$' && first !== '@') throw unexpected(first, 0)
  if (second !== undefined && second !== '.' && second !== '[') throw unexpected(second, 1)
  const cutter = new Cutter()
  for (const char of chars.slice(1)) cutter.take(char)
  return [first, ...cutter.end()]
}

function unexpected(text: string, at: number): PathMistake {
  return new PathMistake(`unexpected token '${text}' at index ${at}`)
}

class Cutter {
  readonly #done: string[] = []
  #token = ''
  #quotes = 0
  /** Open brackets: the square ones of the whole path, the round ones of this step. */
  #square = 0
  #round = 0

  take(char: string): void {
    if (this.#token === '') {
      this.#quotes = 0
      this.#round = 0
    }
    this.#count(char)
    this.#token += char
    if (this.#token === '.') return
    if (this.#token === '..') this.#cut(this.#token, '')
    else if (char === '[') this.#open()
    else if (this.#token.includes('[')) this.#close(char)
    else if (char === '.' && !this.#isInside()) this.#cut(withoutDot(this.#token.slice(0, -1)), '.')
  }

  end(): readonly string[] {
    if (this.#token !== '') this.#cut(withoutDot(this.#token), '')
    return this.#done
  }

  #count(char: string): void {
    if (char === "'") this.#quotes++
    else if (char === '[') this.#square++
    else if (char === ']') this.#square--
    else if (char === '(') this.#round++
    else if (char === ')') this.#round--
  }

  #open(): void {
    const isAtStart = this.#token === '[' || this.#token === '.['
    if (isAtStart || this.#token.indexOf('[') < this.#token.length - 1) return
    this.#cut(withoutDot(this.#token.slice(0, -1)), '[')
  }

  #close(char: string): void {
    if (char === ']' && this.#square === 0 && !this.#isInside())
      this.#cut(withoutDot(this.#token), '')
  }

  #isInside(): boolean {
    return this.#quotes % 2 === 1 || this.#round !== 0
  }

  #cut(token: string, rest: string): void {
    this.#done.push(token)
    this.#token = rest
  }
}

function withoutDot(token: string): string {
  return token.startsWith('.') ? token.slice(1) : token
}
