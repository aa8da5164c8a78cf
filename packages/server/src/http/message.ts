import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { invalid } from './api-error.ts'

/** The fields of a request's body, each of the type that is asked for. Throws `InvalidArgument`, naming the field. */
export class Message {
  readonly #fields: JsonObject
  readonly #path: string

  constructor(fields: JsonObject, path = '') {
    this.#fields = fields
    this.#path = path
  }

  /** '' when it is not there. */
  text(name: string): string {
    const value = this.#value(name) ?? ''
    return typeof value === 'string' ? value : this.#refuse(name, 'a string')
  }

  flag(name: string): boolean {
    const value = this.#value(name) ?? false
    return typeof value === 'boolean' ? value : this.#refuse(name, 'a boolean')
  }

  number(name: string): number | undefined {
    const value = this.#value(name)
    if (value === undefined) return undefined
    return typeof value === 'number' ? value : this.#refuse(name, 'a number')
  }

  /** A member of an enumeration, by its name or its number; '' when it is not there. */
  member(name: string): string {
    const value = this.#value(name) ?? ''
    if (typeof value === 'number') return String(value)
    return typeof value === 'string' ? value : this.#refuse(name, 'a name or a number')
  }

  texts(name: string): readonly string[] {
    const value = this.#value(name) ?? []
    const isList = Array.isArray(value) && value.every((one) => typeof one === 'string')
    return isList ? (value as readonly string[]) : this.#refuse(name, 'a list of strings')
  }

  object(name: string): JsonObject | undefined {
    const value = this.#value(name)
    if (value === undefined) return undefined
    return isObject(value) ? value : this.#refuse(name, 'an object')
  }

  message(name: string): Message {
    return new Message(this.object(name) ?? {}, `${this.#path}${name}.`)
  }

  /** A misspelt option would be ignored without a word. */
  only(known: readonly string[]): this {
    const odd = Object.keys(this.#fields).find((name) => !known.includes(name))
    if (odd === undefined) return this
    throw invalid(`${this.#path}${odd}: there is no such field; known are ${known.join(', ')}`)
  }

  #value(name: string): Json | undefined {
    return this.#fields[name] ?? undefined
  }

  #refuse(name: string, wanted: string): never {
    throw invalid(`${this.#path}${name}: expected ${wanted}`)
  }
}
