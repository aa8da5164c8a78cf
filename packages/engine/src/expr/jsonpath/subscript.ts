import { PathMistake } from './path.ts'

/** What stands between the commas and colons of a subscript, and these themselves; undefined is nothing before a colon. */
export type Argument = string | number | undefined

/** Cuts the inside of `[…]`. `token` is the whole of it, for mistakes. */
export function argumentsOf(inside: string, token: string): readonly Argument[] {
  const reader = new Reader(token)
  for (const [index, char] of Array.from(inside).entries()) reader.take(char, index)
  return reader.end()
}

class Reader {
  readonly #token: string
  readonly #done: Argument[] = []
  #text = ''
  #quote = ''
  #round = 0

  constructor(token: string) {
    this.#token = token
  }

  take(char: string, index: number): void {
    this.#text += char
    const isFree = this.#quote === '' && this.#round === 0
    if (char === ' ' && isFree) this.#text = this.#text.trim()
    else if (char === '(' && this.#quote === '') this.#round++
    else if (char === ')') this.#close()
    else if ((char === "'" || char === '"') && this.#round === 0) this.#quoteMark(char)
    else if ((char === ':' || char === ',') && isFree) this.#separate(char, index)
  }

  end(): readonly Argument[] {
    if (this.#text !== '') this.#done.push(integer(this.#text) ?? this.#text)
    return this.#done
  }

  #close(): void {
    this.#round--
    if (this.#round !== 0) return
    if (!/^\(.+\)$/s.test(this.#text))
      throw new PathMistake(`invalid expression. invalid format '${this.#text}'`)
    this.#push(this.#text)
  }

  #quoteMark(char: string): void {
    if (this.#quote !== '' && this.#quote !== char) return
    if (this.#text.at(-2) === '\\') {
      this.#text = this.#text.slice(0, -2) + char
      return
    }
    if (this.#quote === '') {
      if (this.#text !== char) throw this.#malformed()
      this.#quote = char
      return
    }
    this.#quote = ''
    if (!this.#text.startsWith(char)) throw this.#malformed()
    this.#push(this.#text)
  }

  #separate(char: ':' | ',', index: number): void {
    const text = this.#text.slice(0, -1)
    const number = integer(text)
    if (text !== '' && number === undefined && char === ':') throw this.#malformed()
    if (text !== '') this.#done.push(number ?? text)
    else if (char === ':' && index === 0) this.#done.push(undefined)
    this.#push(char)
  }

  #push(argument: Argument): void {
    this.#done.push(argument)
    this.#text = ''
  }

  #malformed(): PathMistake {
    return new PathMistake(`invalid token. '${this.#token}' does not match any token format`)
  }
}

function integer(text: string): number | undefined {
  const isWell = /^[+-]?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)
  return isWell ? Number(text) : undefined
}
