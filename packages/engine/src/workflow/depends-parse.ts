import { evaluateExpression } from '../expr/tags-expression.ts'
import type { DagTask } from '../spec/workflow.ts'
import { type TaskResult, type TaskResults, taskResults } from './depends-results.ts'

/** A compiled `depends` expression. */
export interface Condition {
  readonly tasks: readonly string[]
  holds(results: (task: string) => TaskResults): boolean
}

type Holds = Condition['holds']

const resultNames: ReadonlySet<string> = new Set(taskResults)

/** Parses `A.Succeeded && (B || !C.Failed)`; a bare name means that the task is behind us well enough to go on. */
export function parseDepends(
  text: string,
  tasksByName: ReadonlyMap<string, DagTask>,
): Condition | { readonly problem: string } {
  const parser = new Parser(text, tasksByName)
  const holds = parser.whole()
  return parser.problem === undefined ? { tasks: parser.tasks, holds } : { problem: parser.problem }
}

const token = /\s*(?:([a-zA-Z0-9][-a-zA-Z0-9]*)(?:\.([A-Za-z]+))?|(&&|\|\||==|!=|[!()?:]))/y

class Parser {
  readonly tasks: string[] = []
  problem: string | undefined
  readonly #text: string
  readonly #tasksByName: ReadonlyMap<string, DagTask>
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(text: string, tasksByName: ReadonlyMap<string, DagTask>) {
    this.#text = text
    this.#tasksByName = tasksByName
    const tokens = tokensOf(text)
    this.#tokens = tokens ?? []
    if (tokens === undefined) this.#fail()
  }

  whole(): Holds {
    const holds = this.#choice()
    if (this.#at < this.#tokens.length) this.#fail()
    return holds
  }

  #choice(): Holds {
    const test = this.#either()
    if (!this.#take('?')) return test
    const yes = this.#choice()
    if (!this.#take(':')) this.#fail()
    const no = this.#choice()
    return (results) => (test(results) ? yes(results) : no(results))
  }

  #either(): Holds {
    let left = this.#both()
    while (this.#take('||')) {
      const [a, b] = [left, this.#both()]
      left = (results) => a(results) || b(results)
    }
    return left
  }

  #both(): Holds {
    let left = this.#same()
    while (this.#take('&&')) {
      const [a, b] = [left, this.#same()]
      left = (results) => a(results) && b(results)
    }
    return left
  }

  #same(): Holds {
    const left = this.#unary()
    if (this.#take('==')) {
      const right = this.#unary()
      return (results) => left(results) === right(results)
    }
    if (this.#take('!=')) {
      const right = this.#unary()
      return (results) => left(results) !== right(results)
    }
    return left
  }

  #unary(): Holds {
    if (this.#take('!')) {
      const inner = this.#unary()
      return (results) => !inner(results)
    }
    if (this.#take('(')) {
      const inner = this.#choice()
      if (!this.#take(')')) this.#fail()
      return inner
    }
    const atom = this.#tokens[this.#at++]
    if (atom?.name !== undefined) return this.#atom(atom.name, atom.result)
    this.#fail()
    return () => false
  }

  #atom(name: string, result: string | undefined): Holds {
    const task = this.#tasksByName.get(name)
    this.tasks.push(name)
    if (result !== undefined && !resultNames.has(result)) {
      this.problem ??= `task result '${result}' for task '${name}' is invalid`
    }
    if (task === undefined) {
      this.problem ??= `dependency '${name}' not defined`
      return () => false
    }
    if (result !== undefined) return (results) => results(name)[result as TaskResult]
    const accepted = acceptedResults(task)
    return (results) => {
      const had = results(name)
      return accepted.some((one) => had[one])
    }
  }

  #take(symbol: string): boolean {
    if (this.#tokens[this.#at]?.symbol !== symbol) return false
    this.#at++
    return true
  }

  #fail(): void {
    const text = this.#text.replaceAll('-', '_')
    const read = evaluateExpression(text, {})
    const known = 'error' in read && read.error.startsWith('unexpected token ')
    const why = known ? read.error : 'syntax error'
    this.problem ??= `unable to evaluate expression '${text}': ${why}`
  }
}

interface Token {
  readonly name?: string
  readonly result?: string
  readonly symbol?: string
}

function tokensOf(text: string): readonly Token[] | undefined {
  const tokens: Token[] = []
  const end = text.trimEnd().length
  token.lastIndex = 0
  while (token.lastIndex < end) {
    const match = token.exec(text)
    if (match === null) return undefined
    const [, name, result, symbol] = match
    if (symbol !== undefined) tokens.push({ symbol })
    else if (name !== undefined) tokens.push(result === undefined ? { name } : { name, result })
  }
  return tokens
}

function acceptedResults(task: DagTask): readonly TaskResult[] {
  const accepted: TaskResult[] = ['Succeeded', 'Skipped', 'Daemoned']
  if (task.continueOn?.error) accepted.push('Errored')
  if (task.continueOn?.failed) accepted.push('Failed')
  return accepted
}
