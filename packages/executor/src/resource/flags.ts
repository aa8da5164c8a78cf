/** What the `flags` of a resource template say. */
export interface Flags {
  /** What is no flag: a type and names, or `type/name`. */
  readonly words: readonly string[]
  readonly values: ReadonlyMap<string, string>
}

/** Flags of kubectl: whether they take a value, and whether they mean anything here. */
const known: Readonly<Record<string, 'value' | 'switch' | 'idle value' | 'idle switch'>> = {
  all: 'switch',
  'field-selector': 'value',
  force: 'switch',
  'grace-period': 'value',
  'ignore-not-found': 'switch',
  namespace: 'value',
  now: 'switch',
  selector: 'value',
  wait: 'switch',
  cascade: 'switch',
  // Of these, what is done here is what they ask for, or they are about what is printed.
  'allow-missing-template-keys': 'idle switch',
  'field-manager': 'idle value',
  'openapi-patch': 'idle switch',
  overwrite: 'idle switch',
  record: 'idle switch',
  'save-config': 'idle switch',
  'show-managed-fields': 'idle switch',
  validate: 'idle switch',
}

const short: Readonly<Record<string, string>> = { n: 'namespace', l: 'selector' }

/** Reads flags as kubectl's command line does; throws in its words. */
export function readFlags(flags: readonly string[]): Flags {
  const words: string[] = []
  const values = new Map<string, string>()
  const rest = [...flags]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word.startsWith('-') && word !== '-') readFlag(word, rest, values)
    else words.push(word)
  }
  return { words, values }
}

function readFlag(word: string, rest: string[], values: Map<string, string>): void {
  const { name, given } = split(word)
  const use = Object.hasOwn(known, name) ? known[name] : undefined
  if (use === undefined) throw new Error(`unknown flag: ${word.split('=')[0]}`)
  const value = given ?? (use.endsWith('value') ? rest.shift() : 'true')
  if (value === undefined) throw new Error(`flag needs an argument: ${word}`)
  values.set(name, value)
}

function split(word: string): { readonly name: string; readonly given: string | undefined } {
  const long = /^--([^=]+)(?:=(.*))?$/s.exec(word)
  if (long) return { name: long[1] ?? '', given: long[2] }
  const letter = word[1] ?? ''
  const given = word.slice(2).replace(/^=/, '')
  return { name: short[letter] ?? letter, given: given === '' ? undefined : given }
}
