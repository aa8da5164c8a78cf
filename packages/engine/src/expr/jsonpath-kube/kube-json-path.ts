import { formatFloat } from '../go-float.ts'
import { marshal } from '../go-json.ts'
import { isRecord } from '../go-value.ts'
import { type Loops, walk } from './evaluate.ts'
import { JsonPathMistake, type Node, Real } from './node.ts'
import { parse } from './parse.ts'

/** What `kubectl get -o jsonpath=TEMPLATE` prints of an object: text with `{.a.b[0]}` in it. */
export function kubeJsonPath(
  template: string,
  object: unknown,
): { readonly text: string } | { readonly error: string } {
  try {
    const run = new Evaluation(parse(template))
    return { text: run.from(0, object).map(printed).join('') }
  } catch (mistake) {
    if (mistake instanceof JsonPathMistake) return { error: mistake.message }
    if (mistake instanceof RangeError) return { error: 'the template is nested too deeply' }
    throw mistake
  }
}

/** One run through a template; loops run their part of it again. */
class Evaluation {
  readonly #nodes: readonly Node[]
  readonly #loops: Loops = { toBegin: 0, open: 0, toEnd: 0 }
  #lastEnd = -1

  constructor(nodes: readonly Node[]) {
    this.#nodes = nodes
  }

  from(start: number, data: unknown): unknown[][] {
    const results: unknown[][] = []
    for (let at = start; at < this.#nodes.length; at++) {
      const node = this.#nodes[at]
      if (node === undefined) break
      const found = walk([data], node, this.#loops)
      if (this.#loops.toEnd > 0 && this.#loops.toEnd <= this.#loops.open) {
        this.#loops.toEnd -= 1
        this.#lastEnd = at
        break
      }
      if (this.#loops.toBegin > 0) {
        results.push(...this.#loop(at + 1, found))
        if (this.#lastEnd > at) at = this.#lastEnd
      } else results.push([...found])
    }
    return results
  }

  #loop(start: number, values: readonly unknown[]): unknown[][] {
    this.#loops.toBegin -= 1
    this.#loops.open += 1
    const results = values.flatMap((value) => this.from(start, value ?? undefined))
    // Also a loop over nothing has to find its end.
    if (values.length === 0) this.from(start, undefined)
    this.#loops.open -= 1
    return results
  }
}

function printed(values: readonly unknown[]): string {
  return values.map(textOf).join(' ')
}

function textOf(value: unknown): string {
  if (value === undefined) return '<no value>'
  if (value === null) return 'null'
  if (Array.isArray(value) || (isRecord(value) && !(value instanceof Real))) return marshal(value)
  const number = value instanceof Real ? value.value : value
  if (typeof number !== 'number') return String(value)
  return Number.isSafeInteger(number) ? String(number) : formatFloat(number, 'g', -1)
}
