import type { JsonObject } from '../spec/json.ts'
import type { Impure } from './functions/impure.ts'
import { quote } from './go-quote.ts'
import { evaluateTag } from './tags-expression.ts'
import { escapeHtml } from './tags-go-json.ts'
import { type Part, type SimpleTag, splitTags } from './tags-parts.ts'

/** Where tags find their values. */
export interface Variables {
  /** undefined: unknown here. null: known, but the optional output is absent. */
  lookup(name: string): string | null | undefined
  /** The same as nested maps, for expressions. */
  environment(): Record<string, unknown>
  /** The time and chance that functions in expressions may ask for; without them that is an error. */
  readonly impure?: Impure | undefined
}

export interface SubstituteOptions {
  /** Roots (`steps`, `tasks`) whose tags must resolve; the others may wait for a later phase. */
  readonly strict?: readonly string[]
  /** Every tag must resolve. */
  readonly final?: boolean
  /** Tags that speak of names below this one wait for a later phase, whatever is known of them now. */
  readonly later?: string
}

export interface Substituted<T> {
  readonly value: T
  /** Names of strict tags without a value (yet); with `final` they make a problem instead. */
  readonly unresolved: readonly string[]
  readonly problem?: string
}

/**
 * Replaces the tags in all strings of a value, keys too. Gives what upstream's replacement in the
 * value's JSON text gives.
 *
 * 1. What has no tags comes back as the same object, so callers may compare by identity.
 * 2. Text that came from a variable is not looked at again.
 * 3. Values are never changed in place.
 */
export function substitute<T>(
  value: T,
  variables: Variables,
  options: SubstituteOptions = {},
): Substituted<T> {
  const pass = new Pass(variables, options)
  const result = pass.value(value, true) as T
  return pass.problem === undefined
    ? { value: result, unresolved: pass.unresolved }
    : { value, unresolved: pass.unresolved, problem: pass.problem }
}

type Container = readonly unknown[] | JsonObject

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null
}

const invalidJson = 'cannot finish template replacement because the result was invalid JSON'

// Characters that Go quotes in a way that JSON does not know.
const unquotable =
  /[\u0000-\u0007\u000b\u000e-\u001f\u007f]|(?=[\u{10000}-\u{10ffff}])[\p{C}\p{Z}]/u

class Pass {
  readonly unresolved: string[] = []
  problem: string | undefined
  readonly #variables: Variables
  readonly #final: boolean
  readonly #strict: readonly string[]
  readonly #later: string | undefined

  constructor(variables: Variables, options: SubstituteOptions) {
    this.#variables = variables
    this.#final = options.final ?? false
    this.#later = options.later
    this.#strict = (options.strict ?? []).map((root) => root.replace(/\.$/, ''))
  }

  value(value: unknown, top: boolean): unknown {
    if (typeof value === 'string') return this.#topString(value, top)
    return isContainer(value) ? this.#container(value) : value
  }

  #topString(text: string, top: boolean): string {
    if (!text.includes('{{')) return text
    const open = top ? text.indexOf('{{', text.lastIndexOf('}}') + 1) : -1
    return open >= 0 ? this.#fail(unclosed(text, open), text) : this.#string(text)
  }

  #container(container: Container): Container {
    return Array.isArray(container) ? this.#list(container) : this.#map(container as JsonObject)
  }

  #list(list: readonly unknown[]): readonly unknown[] {
    let copy: unknown[] | undefined
    for (let i = 0; i < list.length; i++) {
      const now = this.value(list[i], false)
      if (now === list[i]) continue
      copy ??= list.slice()
      copy[i] = now
    }
    return copy ?? list
  }

  #map(map: JsonObject): JsonObject {
    let copy: Record<string, unknown> | undefined
    let renamed: Map<string, string> | undefined
    for (const key of Object.keys(map)) {
      const now = this.value(map[key], false)
      if (now !== map[key]) {
        copy ??= { ...map }
        copy[key] = now
      }
      const name = key.includes('{{') ? this.#string(key) : key
      if (name !== key) renamed = (renamed ?? new Map<string, string>()).set(key, name)
    }
    const result = (copy ?? map) as JsonObject
    return renamed === undefined ? result : withNames(result, renamed)
  }

  #string(text: string): string {
    const parts = splitTags(text)
    return parts ? this.#text(parts, text) : text
  }

  #text(parts: readonly Part[], original: string): string {
    let out = ''
    for (const part of parts) {
      if (this.problem !== undefined) return original
      out += typeof part === 'string' ? part : this.#tag(part)
    }
    return out
  }

  #tag(tag: Exclude<Part, string>): string {
    if (this.#later !== undefined && tag.raw.includes(this.#later)) return tag.raw
    return tag.kind === 'simple' ? this.#simple(tag) : this.#expression(tag.raw, tag.source)
  }

  #simple(tag: SimpleTag): string {
    const value = this.#variables.lookup(tag.name)
    if (typeof value === 'string') return this.#inserted(value)
    if (value === null) {
      const why = 'output is an absent optional (skipped/omitted node with no default)'
      return this.#fail(`unable to substitute {{${tag.text}}}: ${why}`, tag.raw)
    }
    if (tag.nested) {
      const inner = this.#variables.lookup(tag.nested.name)
      if (typeof inner === 'string') return `{{${tag.nested.before}${this.#inserted(inner)}`
      if (inner === null) {
        const why = `${JSON.stringify(tag.nested.name)} is an absent optional`
        return this.#fail(`unable to substitute nested tag {{${tag.text}}}: ${why}`, tag.raw)
      }
    }
    return this.#missing(tag)
  }

  #inserted(value: string): string {
    return unquotable.test(value) ? this.#fail(invalidJson, value) : value
  }

  #missing(tag: SimpleTag): string {
    if (this.#final) return this.#fail(`failed to resolve {{${tag.text}}}`, tag.raw)
    if (this.#isStrict(tag.name) && !tag.name.includes('.outputs.artifacts.')) {
      this.unresolved.push(tag.name)
    }
    return tag.raw
  }

  #isStrict(name: string): boolean {
    return this.#strict.some((root) => name === root || name.startsWith(`${root}.`))
  }

  #expression(raw: string, source: string): string {
    const lenient = !this.#final && this.#strict.length === 0
    const result = evaluateTag(source, this.#variables.environment(), {
      lenient,
      impure: this.#variables.impure,
      isStrict: (name) => this.#final || this.#isStrict(name),
    })
    if ('text' in result) return result.text
    if ('problem' in result) return this.#fail(result.problem, raw)
    if ('missing' in result) {
      if (this.#final) {
        return this.#fail(`failed to evaluate expression: ${result.missing} is missing`, raw)
      }
      this.unresolved.push(result.missing)
    }
    return raw
  }

  #fail(problem: string, text: string): string {
    this.problem ??= problem
    return text
  }
}

// A whole document that is one string cannot borrow braces from the JSON around it.
function unclosed(text: string, open: number): string {
  const json = (part: string) => escapeHtml(JSON.stringify(part))
  const rest = json(text.slice(open + 2)).slice(1)
  return `Cannot find end tag="}}" in the template=${quote(json(text))} starting from ${quote(rest)}`
}

function withNames(map: JsonObject, renamed: ReadonlyMap<string, string>): JsonObject {
  const entries = Object.entries(map).map(([key, value]) => [renamed.get(key) ?? key, value])
  return Object.fromEntries(entries) as JsonObject
}
