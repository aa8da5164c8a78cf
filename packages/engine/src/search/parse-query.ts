import { type FieldName, fieldNames, fields, operatorsOf } from './fields.table.ts'
import { nearest } from './nearest.ts'
import { fold, type Query, type QueryProblem } from './query.ts'
import { leafOf } from './query-leaf.ts'
import { QueryMistake } from './query-mistake.ts'
import { fieldOf, type QueryToken, tokenizeQuery } from './query-tokens.ts'

export type ParsedQuery = { readonly query: Query } | { readonly problem: QueryProblem }

/**
 * Reads a search: `status = failed and label.team = data started > -24h "out of memory"`.
 *
 *     either  = both ("or" both)*
 *     both    = one ("and"? one)*
 *     one     = "not" one | "(" either ")" | FIELD SIGN value | FIELD "not"? "in" "(" value,* ")" | PAIR | value
 *
 * A label or a parameter without a sign is there at all; a value by itself is looked for everywhere.
 */
export function parseQuery(text: string, now: number): ParsedQuery {
  const { tokens, ...cut } = tokenizeQuery(text)
  if ('problem' in cut) return { problem: cut.problem }
  if (tokens.length === 0) return { query: { kind: 'all' } }
  try {
    return { query: new Reader(tokens, text.length, now).whole() }
  } catch (error) {
    if (error instanceof QueryMistake) return { problem: error.problem }
    throw error
  }
}

/** Deep enough for anybody; more would only exhaust the stack. */
const deepest = 100

class Reader {
  readonly #tokens: readonly QueryToken[]
  readonly #length: number
  readonly #now: number
  #at = 0
  #depth = 0

  constructor(tokens: readonly QueryToken[], length: number, now: number) {
    this.#tokens = tokens
    this.#length = length
    this.#now = now
  }

  whole(): Query {
    const query = this.#either()
    const rest = this.#peek()
    if (rest === undefined) return query
    throw new QueryMistake(`${rest.value} is not expected here`, rest)
  }

  #either(): Query {
    const parts = [this.#both()]
    while (this.#takeWord('or')) parts.push(this.#both())
    return joined('or', parts)
  }

  #both(): Query {
    const parts = [this.#one()]
    for (;;) {
      const isNext = this.#takeWord('and') || this.#beginsOne()
      if (!isNext) return joined('and', parts)
      parts.push(this.#one())
    }
  }

  #beginsOne(): boolean {
    const next = this.#peek()
    return next !== undefined && next.kind !== ')' && next.kind !== ',' && !isWord(next, 'or')
  }

  #one(): Query {
    if (++this.#depth > deepest) {
      throw new QueryMistake('this is nested too deeply', this.#tokens[this.#at] ?? this.#end())
    }
    try {
      if (this.#takeWord('not')) return { kind: 'not', part: this.#one() }
      if (this.#take('(')) {
        const inner = this.#either()
        this.#must(')', 'a closing parenthesis')
        return inner
      }
      return this.#comparison()
    } finally {
      this.#depth -= 1
    }
  }

  #comparison(): Query {
    const token = this.#value('a field or a text')
    const found = token.kind === 'word' ? fieldOf(token.value) : undefined
    const next = this.#peek()
    if (next?.kind === 'sign') {
      if (found === undefined) throw noField(token)
      this.#at += 1
      return this.#leaf(token, found, next, this.#value(`a value after ${next.value}`))
    }
    if (found === undefined) return said(token)
    if (this.#takeWord('in')) return this.#among(token, found, next ?? token)
    if (isWord(next, 'not') && isWord(this.#tokens[this.#at + 1], 'in')) {
      this.#at += 2
      return { kind: 'not', part: this.#among(token, found, next ?? token) }
    }
    return isThere(found) ?? said(token)
  }

  #among(token: QueryToken, found: Place, sign: QueryToken): Query {
    const open = this.#must('(', 'a list in parentheses, as in (a, b)')
    const parts: Query[] = []
    do parts.push(this.#leaf(token, found, { ...sign, value: 'in' }, this.#value('a value')))
    while (this.#take(','))
    this.#must(')', 'a closing parenthesis', open)
    return joined('or', parts)
  }

  #leaf(token: QueryToken, { field, key }: Place, sign: QueryToken, value: QueryToken): Query {
    const known: readonly string[] = operatorsOf[fields[field].kind]
    if (!known.includes(sign.value)) {
      const message = `${field} is not compared by ${sign.value}: it takes ${known.join(' ')}`
      throw new QueryMistake(message, sign, known[0])
    }
    const negated = sign.value.startsWith('!')
    const plain = negated ? (sign.value.slice(1) === '~' ? '~' : '=') : sign.value
    const leaf = leafOf({ field, key, sign: plain, value, now: this.#now, token })
    return negated ? { kind: 'not', part: leaf } : leaf
  }

  #value(what: string): QueryToken {
    const token = this.#peek()
    if (token?.kind === 'word' || token?.kind === 'text') {
      const isJoint = ['and', 'or', 'in'].some((word) => isWord(token, word))
      if (!isJoint || this.#tokens[this.#at - 1]?.kind === 'sign') {
        this.#at += 1
        if (token.value === '') throw new QueryMistake('the text is empty', token)
        return token
      }
    }
    throw this.#missing(what)
  }

  #peek(): QueryToken | undefined {
    return this.#tokens[this.#at]
  }

  #take(kind: QueryToken['kind']): boolean {
    if (this.#peek()?.kind !== kind) return false
    this.#at += 1
    return true
  }

  #takeWord(word: string): boolean {
    if (!isWord(this.#peek(), word)) return false
    this.#at += 1
    return true
  }

  #must(kind: '(' | ')', what: string, place?: QueryToken): QueryToken {
    const token = this.#peek()
    if (token?.kind !== kind) throw this.#missing(what, place)
    this.#at += 1
    return token
  }

  #missing(what: string, place?: QueryToken): QueryMistake {
    const token = this.#peek()
    if (token === undefined) return new QueryMistake(`${what} is missing`, place ?? this.#end())
    return new QueryMistake(`expected ${what}, found ${token.value}`, token)
  }

  #end(): { readonly at: number; readonly end: number } {
    return { at: this.#length, end: this.#length }
  }
}

type Place = { readonly field: FieldName; readonly key: string }

function isWord(token: QueryToken | undefined, word: string): boolean {
  return token?.kind === 'word' && token.value.toLowerCase() === word
}

function joined(kind: 'and' | 'or', parts: readonly Query[]): Query {
  const [only] = parts
  return only !== undefined && parts.length === 1 ? only : { kind, parts }
}

function said({ value }: QueryToken): Query {
  return { kind: 'said', field: 'any', part: fold(value), whole: false }
}

/** A label or a parameter that is named, without a sign. */
function isThere({ field, key }: Place): Query | undefined {
  if (key === '') return undefined
  return { kind: 'pair', of: field === 'label' ? 'label' : 'param', key, test: { is: 'present' } }
}

function noField(token: QueryToken): QueryMistake {
  const { value } = token
  const meant = nearest(value, fieldNames)
  const hint =
    meant === undefined
      ? `the fields are ${fieldNames.join(', ')}; of a label it is label.${value}, of a parameter param.${value}`
      : `did you mean ${meant}?`
  return new QueryMistake(`there is no field ${value}: ${hint}`, token, meant)
}
