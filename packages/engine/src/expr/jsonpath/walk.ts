import { truncated } from '../go-math.ts'
import { byteLength } from '../go-text.ts'
import { isNil, isRecord, sortedKeys } from '../go-value.ts'
import { evaluate, type Place } from './evaluate-script.ts'
import { type Bound, PathMistake, type PathStep, type Range } from './path.ts'
import type { Script } from './script.ts'

// More than this comes only from `..` on hostile data.
const most = 1_000_000
const deepest = 500

/** One query: what is found, as evilmonkeyinc/jsonpath finds it. */
export class Walk {
  readonly #root: unknown
  #found = 0

  constructor(root: unknown) {
    this.#root = root
  }

  from(current: unknown, steps: readonly PathStep[]): unknown {
    const [step, ...next] = steps
    if (step === undefined) return current
    switch (step.kind) {
      case 'root':
        return this.from(this.#root, next)
      case 'current':
        return this.from(current, next)
      case 'key':
        return this.from(member(current, step.key), next)
      case 'index':
        return this.from(item(current, step.index), next)
      case 'length':
        return this.from(lengthOf(current), next)
      case 'wildcard':
        return this.#each(childrenOf(current, 'wildcard'), next)
      case 'recursive':
        return this.#everywhere(current, next, 0)
      case 'filter':
        return this.#filtered(current, step.script, next)
      case 'script':
        return this.from(this.#scripted(current, step.script), next)
      case 'range':
        return this.#several(this.#ranged(current, step), next)
      case 'union':
        return this.#several(this.#united(current, step.parts), next)
    }
  }

  /** The rest of the path for each value; where it leads nowhere, the value is left out. */
  #each(values: readonly unknown[], next: readonly PathStep[]): readonly unknown[] {
    this.#found += values.length
    if (this.#found > most) throw new RangeError('too many results')
    if (next.length === 0) return values
    return values.map((value) => this.#attempt(value, next)).filter((value) => !isNil(value))
  }

  #attempt(value: unknown, next: readonly PathStep[]): unknown {
    try {
      return this.from(value, next)
    } catch (mistake) {
      if (mistake instanceof PathMistake) return undefined
      throw mistake
    }
  }

  // An index asks for one of the values, anything else goes on with each of them.
  #several(values: readonly unknown[], next: readonly PathStep[]): unknown {
    return next[0]?.kind === 'index' ? this.from(values, next) : this.#each(values, next)
  }

  #filtered(current: unknown, script: Script, next: readonly PathStep[]): unknown {
    if (script.source === '') throw new PathMistake('invalid expression. is empty')
    const values = childrenOf(current, 'filter').filter((child) => this.#holds(script, child))
    if (next[0]?.kind !== 'index') return this.#each(values, next)
    // Upstream goes on with what was filtered as the root.
    return new Walk(current).from(values, next)
  }

  #holds(script: Script, child: unknown): boolean {
    try {
      return counts(evaluate(script, this.#at(child)))
    } catch (mistake) {
      if (mistake instanceof PathMistake) return false
      throw mistake
    }
  }

  #at(current: unknown): Place {
    return { root: this.#root, current, find: (from, steps) => this.from(from, steps) }
  }

  #everywhere(current: unknown, next: readonly PathStep[], depth: number): readonly unknown[] {
    if (depth > deepest) throw new RangeError('the data is nested too deeply')
    if (isNil(current)) return []
    const found = next.length === 0 ? current : this.#attempt(current, next)
    const own = next.length > 0 && Array.isArray(found) ? found : isNil(found) ? [] : [found]
    this.#found += own.length + 1
    if (this.#found > most) throw new RangeError('too many results')
    const below = isContainer(current) ? childrenOf(current, 'recursive') : []
    return [...own, ...below.flatMap((child) => this.#everywhere(child, next, depth + 1))]
  }

  #scripted(current: unknown, script: Script): unknown {
    const value = this.#valueOf(script, current)
    if (typeof value === 'string') return member(current, value)
    const index = wholeNumber(value)
    if (index !== undefined) return item(current, index)
    throw new PathMistake(
      `unexpected expression result. expected [int string] got [${kindOf(value)}]`,
    )
  }

  #valueOf(script: Script, current: unknown): unknown {
    if (script.source === '') throw new PathMistake('invalid expression. is empty')
    try {
      return evaluate(script, this.#at(current))
    } catch (mistake) {
      if (!(mistake instanceof PathMistake)) throw mistake
      const { message } = mistake
      const isSaid = message.startsWith('invalid expression')
      throw new PathMistake(isSaid ? message : `invalid expression. ${message}`)
    }
  }

  #ranged(current: unknown, { from, to, step }: Range): readonly unknown[] {
    const list = listOf(current, 'range')
    const { length } = list
    const place = (bound: Bound, otherwise: number) => {
      if (bound === undefined) return otherwise
      const index = this.#boundOf(bound, current)
      return Math.min(Math.max(index < 0 ? index + length : index, 0), length)
    }
    const first = place(from, 0)
    const end = place(to, length)
    const stride = step === undefined ? 1 : this.#boundOf(step, current)
    if (stride === 0) throw new PathMistake('range: invalid token out of range')
    const picked: unknown[] = []
    if (stride > 0) for (let at = first; at < end; at += stride) picked.push(list[at])
    else for (let at = end - 1; at >= first; at += stride) picked.push(list[at])
    return picked
  }

  #boundOf(bound: number | Script, current: unknown): number {
    if (typeof bound === 'number') return bound
    const value = this.#argument('range', bound, current)
    const index = wholeNumber(value)
    if (index !== undefined) return index
    throw new PathMistake(
      `range: invalid token unexpected expression result. expected [int] got [${kindOf(value)}]`,
    )
  }

  #argument(name: string, script: Script, current: unknown): unknown {
    try {
      return this.#valueOf(script, current)
    } catch (mistake) {
      if (!(mistake instanceof PathMistake)) throw mistake
      throw new PathMistake(`${name}: invalid token ${mistake.message}`)
    }
  }

  #united(current: unknown, parts: readonly (string | number | Script)[]): readonly unknown[] {
    const given = parts.map((part) => this.#unionPart(part, current))
    const isKey = (part: string | number) => typeof part === 'string'
    const [first] = given
    const odd = given.find((part) => isKey(part) !== isKey(first ?? 0))
    if (odd !== undefined) {
      const [wanted, got] = isKey(odd) ? ['int', 'string'] : ['string', 'int']
      throw new PathMistake(`union: invalid token argument. expected [${wanted}] got [${got}]`)
    }
    return isKey(first ?? 0) ? keysIn(current, given) : indicesIn(current, given)
  }

  #unionPart(part: string | number | Script, current: unknown): string | number {
    if (typeof part !== 'object') return part
    const value = this.#argument('union', part, current)
    const index = typeof value === 'string' ? value : wholeNumber(value)
    if (index !== undefined) return index
    throw new PathMistake(
      `union: invalid token argument. expected [int string] got [${kindOf(value)}]`,
    )
  }
}

function keysIn(current: unknown, keys: readonly (string | number)[]): readonly unknown[] {
  if (!isRecord(current)) throw badTarget('union', 'map', current)
  return keys.map(String).flatMap((key) => (Object.hasOwn(current, key) ? [current[key]] : []))
}

function indicesIn(current: unknown, indices: readonly (string | number)[]): readonly unknown[] {
  const list = listOf(current, 'union')
  return indices.flatMap((index) => {
    const at = Number(index) < 0 ? Number(index) + list.length : Number(index)
    return at >= 0 && at < list.length ? [list[at]] : []
  })
}

function member(current: unknown, key: string): unknown {
  if (!isRecord(current)) throw badTarget('key', 'map', current)
  if (!Object.hasOwn(current, key))
    throw new PathMistake(`key: invalid token key '${key}' not found`)
  return current[key]
}

function item(current: unknown, index: number): unknown {
  const list = listOf(current, 'index')
  const at = index < 0 ? index + list.length : index
  if (at < 0 || at >= list.length) throw new PathMistake('index: invalid token out of range')
  return list[at]
}

function lengthOf(current: unknown): unknown {
  if (typeof current === 'string') return BigInt(byteLength(current))
  if (Array.isArray(current)) return BigInt(current.length)
  if (!isRecord(current)) throw badTarget('length', 'array map slice string', current)
  return Object.hasOwn(current, 'length') ? current['length'] : BigInt(Object.keys(current).length)
}

function listOf(current: unknown, step: string): readonly unknown[] {
  return Array.isArray(current) ? current : fail(badTarget(step, 'array slice', current))
}

function isContainer(value: unknown): boolean {
  return Array.isArray(value) || isRecord(value)
}

function childrenOf(current: unknown, step: string): readonly unknown[] {
  if (Array.isArray(current)) return current
  if (isRecord(current)) return sortedKeys(current).map((key) => current[key])
  return fail(badTarget(step, 'array map slice', current))
}

function fail(mistake: PathMistake): never {
  throw mistake
}

function badTarget(step: string, wanted: string, got: unknown): PathMistake {
  return new PathMistake(`${step}: invalid token target. expected [${wanted}] got [${kindOf(got)}]`)
}

function wholeNumber(value: unknown): number | undefined {
  if (typeof value === 'bigint') return Number(value)
  const isWhole = typeof value === 'number' && Math.trunc(value) === value
  return isWhole ? Number(truncated(value)) : undefined
}

const kinds: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'float64',
  boolean: 'bool',
  bigint: 'int64',
}

function kindOf(value: unknown): string {
  if (isNil(value)) return 'nil'
  if (Array.isArray(value)) return 'slice'
  return isRecord(value) ? 'map' : (kinds[typeof value] ?? 'invalid')
}

/** Whether a filter takes an item for which its script gave this. */
function counts(value: unknown): boolean {
  if (typeof value === 'string') return value.replace(/^(['"])(.*)\1$/s, '$2') !== ''
  if (Array.isArray(value)) return value.length > 0
  if (isRecord(value)) return Object.keys(value).length > 0
  return Boolean(value)
}
