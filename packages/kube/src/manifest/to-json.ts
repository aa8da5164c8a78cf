import type { Json } from '@argosy/engine'
import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import { goScalar } from './go-scalar.ts'

/** What stops a document from becoming JSON, and the offset in the text where it is. */
export interface Unreadable {
  readonly offset: number
  readonly message: string
  readonly expected: string
}

/** Finds what an alias stands for: the last anchor of that name before it. */
export type AnchorLookup = (alias: Alias) => unknown

/** A node read as sigs.k8s.io/yaml does, or the first thing in it that has no meaning in JSON. */
export function toJson(
  node: unknown,
  anchorOf: AnchorLookup,
):
  | { readonly value: Json; readonly repeated: readonly Repeated[] }
  | { readonly unreadable: Unreadable } {
  const reading = newReading(anchorOf)
  const value = read(node, reading)
  const [unreadable] = reading.problems
  return unreadable ? { unreadable } : { value, repeated: reading.repeated }
}

/** A key that its mapping has already: of the two values the first is lost. Both offsets are into the text. */
export interface Repeated {
  readonly key: string
  readonly first: number
  readonly offset: number
}

const newReading = (anchorOf: AnchorLookup): Reading => ({
  anchorOf,
  open: new Set(),
  nodes: 0,
  aliased: 0,
  depth: 0,
  problems: [],
  repeated: [],
})

interface Reading {
  readonly anchorOf: AnchorLookup
  /** Anchored nodes being read now: meeting one again means that it contains itself. */
  readonly open: Set<unknown>
  readonly problems: Unreadable[]
  readonly repeated: Repeated[]
  nodes: number
  aliased: number
  depth: number
}

function read(node: unknown, reading: Reading): Json {
  if (reading.problems.length > 0) return null
  if (isAlias(node)) return readAlias(node, reading)
  reading.nodes++
  if (reading.depth > 0) reading.aliased++
  if (isScalar(node)) return scalarValue(node, reading)
  if (isSeq(node)) return node.items.map((item) => read(item, reading))
  return isMap(node) ? readMap(node, reading) : null
}

function readAlias(alias: Alias, reading: Reading): Json {
  const target = reading.anchorOf(alias)
  if (target === undefined) {
    return refuse(reading, alias, `unknown anchor "${alias.source}"`, `an earlier &${alias.source}`)
  }
  if (reading.open.has(target)) {
    return refuse(
      reading,
      alias,
      `anchor "${alias.source}" contains itself`,
      'a value without a loop',
    )
  }
  if (isBomb(reading)) {
    return refuse(
      reading,
      alias,
      'the document repeats aliases excessively',
      'fewer nested aliases',
    )
  }
  reading.open.add(target)
  reading.depth++
  const value = read(target, reading)
  reading.depth--
  reading.open.delete(target)
  return value
}

/** go-yaml's measure: small documents may be nearly all aliases, huge ones at most a tenth. */
function isBomb({ nodes, aliased }: Reading): boolean {
  if (aliased <= 100 || nodes <= 1000) return false
  const share = 0.99 - 0.89 * Math.min(1, Math.max(0, (nodes - 400_000) / 3_600_000))
  return aliased / nodes > share
}

function readMap(map: YAMLMap, reading: Reading): Json {
  const object: Record<string, Json> = {}
  const seen = new Map<string, number>()
  for (const pair of map.items) {
    if (isMergeKey(pair)) merge(pair.value, object, reading)
    else {
      const key = keyText(pair.key, reading)
      noteRepeated(key, offsetIn(pair.key), { seen, reading })
      put(object, key, read(pair.value, reading))
    }
  }
  return object
}

/** Once: an alias repeats what was noted where it stands. */
function noteRepeated(
  key: string,
  offset: number,
  { seen, reading }: { readonly seen: Map<string, number>; readonly reading: Reading },
): void {
  const first = seen.get(key)
  if (first === undefined) seen.set(key, offset)
  else if (reading.depth === 0) reading.repeated.push({ key, first, offset })
}

function offsetIn(node: unknown): number {
  const at = node as { range?: readonly number[] | null } | null | undefined
  return at?.range?.[0] ?? 0
}

/** Also the key `__proto__` is only a key. */
function put(object: Record<string, Json>, key: string, value: Json): void {
  if (key !== '__proto__') object[key] = value
  else
    Object.defineProperty(object, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    })
}

/** `<<` merges unless it is quoted or tagged otherwise. */
export function isMergeKey({ key }: Pair): boolean {
  if (!isScalar(key) || key.value !== '<<') return false
  return key.type === 'PLAIN' ? key.tag === undefined || key.tag === mergeTag : key.tag === mergeTag
}

const mergeTag = 'tag:yaml.org,2002:merge'

// go-yaml v2: a merge replaces what stands before it and yields to what stands after it;
// of several merged maps the first has the last word.
function merge(value: unknown, into: Record<string, Json>, reading: Reading): void {
  const sources = isSeq(value) ? [...value.items].reverse() : [value]
  for (const source of sources) {
    const target = isAlias(source) ? reading.anchorOf(source) : source
    const merged = read(source, reading)
    if (reading.problems.length > 0) return
    if (!isMap(target)) {
      refuse(
        reading,
        source,
        'this cannot be merged with <<',
        'a mapping, an alias of one, or a list of them',
      )
      return
    }
    for (const [key, item] of Object.entries(merged as Record<string, Json>)) put(into, key, item)
  }
}

/** A key as text: numbers and booleans are keys too, by their plain spelling. */
function keyText(key: unknown, reading: Reading): string {
  const node = isAlias(key) ? reading.anchorOf(key) : key
  if (!isScalar(node)) {
    refuse(
      reading,
      key,
      'a mapping or a list cannot be a key',
      'a text as key (a value that begins with {{ needs quotes)',
    )
    return ''
  }
  const value = scalarValue(node, reading)
  if (value === null)
    refuse(reading, key, 'null cannot be a key', 'a text, a number or a boolean as key')
  return String(value)
}

/** The text of a key, for looking up positions. */
export function plainKeyText(key: unknown, anchorOf: AnchorLookup): string {
  return keyText(key, newReading(anchorOf))
}

function scalarValue(scalar: Scalar, reading: Reading): Json {
  // `source` is the text before `yaml` applies tags of its own; a document made by hand has only a value.
  const text = scalar.source ?? String(scalar.value ?? '')
  const value = tagged(text, scalar)
  if (value === undefined)
    return refuse(reading, scalar, '!!binary value contains invalid base64 data', 'base64')
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return refuse(
      reading,
      scalar,
      `${text} has no place in JSON`,
      'a finite number, or quotes around the text',
    )
  }
  return value
}

function tagged(text: string, scalar: Scalar): Json | undefined {
  const tag = scalar.tag?.replace('tag:yaml.org,2002:', '!!')
  if (tag === '!!binary') return decodeBase64(text)
  if (tag === undefined) return scalar.type === 'PLAIN' ? goScalar(text) : text
  return asTagged[tag]?.(text) ?? text
}

const asTagged: Readonly<Record<string, (text: string) => Json>> = {
  '!!int': goScalar,
  '!!float': goScalar,
  '!!bool': goScalar,
  '!!null': () => null,
}

function decodeBase64(text: string): string | undefined {
  const plain = text.replaceAll(/\s/g, '')
  if (plain.length % 4 !== 0 || !/^[A-Za-z\d+/]*={0,2}$/.test(plain)) return undefined
  return new TextDecoder().decode(Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0)))
}

function refuse(reading: Reading, node: unknown, message: string, expected: string): null {
  reading.problems.push({ offset: offsetIn(node), message, expected })
  return null
}
