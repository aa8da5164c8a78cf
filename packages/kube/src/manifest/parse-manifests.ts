import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { type Document, LineCounter, type YAMLParseError } from 'yaml'
import { anchorsOf, compose, mistakeIn } from './compose.ts'
import { offsetOf } from './position.ts'
import { expectedInstead } from './syntax-errors.table.ts'
import { toJson } from './to-json.ts'

/** A place in a text; both count from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** One object of a manifest file; the items of a `List` are documents of their own. */
export interface ManifestDocument {
  readonly object: JsonObject
  readonly file: string
  /** Counts the objects of the file, from 0. */
  readonly index: number
  /** Where a field is, by its path as in a Problem; the nearest existing ancestor if it is not there. */
  positionOf(path: string): Position
}

/** A mistake in the text of a file, before it means anything. */
export interface ManifestProblem extends Position {
  readonly file: string
  readonly message: string
  readonly expected: string
}

export interface Manifests {
  readonly documents: readonly ManifestDocument[]
  readonly problems: readonly ManifestProblem[]
  /** Keys that stand twice in one mapping; the last value counts, as for go-yaml where it is not strict. */
  readonly repeated: readonly ManifestProblem[]
}

/** Reads YAML or JSON, any number of documents, with go-yaml v2's eyes. Never throws. */
export function parseManifests(text: string, file: string): Manifests {
  const lines = linesOf(text)
  const source: Source = {
    file,
    documents: [],
    problems: [],
    repeated: [],
    at: (offset) => {
      const { line, col } = lines.linePos(offset)
      return { line: Math.max(line, 1), column: Math.max(col, 1) }
    },
  }
  try {
    const json = plainJson(text)
    if (json) addObjects(json, source, () => [...compose(text)][0])
    else for (const parsed of compose(text)) readDocument(parsed, source)
  } catch (error) {
    // The stack ran out in `yaml` or in our own walk.
    if (!(error instanceof RangeError)) throw error
    complain(source, 0, tooDeep, expectedInstead.RESOURCE_EXHAUSTION)
  }
  return source
}

const tooDeep = 'the document is nested too deeply to read'

interface Source extends Manifests {
  readonly file: string
  readonly documents: ManifestDocument[]
  readonly problems: ManifestProblem[]
  readonly repeated: ManifestProblem[]
  at(offset: number): Position
}

function readDocument(parsed: Document.Parsed, source: Source): void {
  const error = mistakeIn(parsed)
  if (error) {
    const message = error.code === 'RESOURCE_EXHAUSTION' ? tooDeep : firstLine(error)
    complain(source, error.pos[0], message, expectedInstead[error.code])
    return
  }
  const anchorOf = anchorsOf(parsed)
  const result = toJson(parsed.contents, anchorOf)
  if ('unreadable' in result) {
    const { offset, message, expected } = result.unreadable
    complain(source, offset, message, expected)
    return
  }
  for (const { key, first, offset } of result.repeated) {
    const expected = `each key once; the first is in line ${source.at(first).line}`
    const message = `key ${JSON.stringify(key)} is already set in this mapping`
    source.repeated.push({ file: source.file, ...source.at(offset), message, expected })
  }
  if (result.value === null) return
  if (!isObject(result.value)) {
    const message = `expected an object, got ${nameOf(result.value)}`
    complain(source, parsed.contents?.range[0] ?? 0, message, 'apiVersion: …, kind: …')
    return
  }
  addObjects(result.value, source, () => parsed)
}

/** Where things are is found out when somebody asks. */
function addObjects(
  value: JsonObject,
  { file, documents, at }: Source,
  parsedText: () => Document.Parsed | undefined,
): void {
  let parsed: Document.Parsed | undefined
  const positionIn = (path: string) => {
    parsed ??= parsedText()
    return at(parsed ? offsetOf(parsed.contents, path, anchorsOf(parsed)) : 0)
  }
  for (const [object, prefix] of expandList(value)) {
    const positionOf = (path: string) => positionIn(prefix + path)
    documents.push({ object, file, index: documents.length, positionOf })
  }
}

/** JSON is YAML, but a hundred times faster to read; not if digits would be lost. */
function plainJson(text: string): JsonObject | undefined {
  if (!/^\s*\{/.test(text) || /\d{16}/.test(text)) return undefined
  try {
    const value: Json = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch (error) {
    // It may still be YAML in braces.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function linesOf(text: string): LineCounter {
  const lines = new LineCounter()
  lines.addNewLine(0)
  for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1)
  return lines
}

function complain(source: Source, offset: number, message: string, expected: string): void {
  source.problems.push({ file: source.file, ...source.at(offset), message, expected })
}

/** A `List` (of anything) stands for its items. */
function expandList(value: JsonObject): (readonly [JsonObject, string])[] {
  const { kind, items } = value
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items))
    return [[value, '']]
  return items.flatMap((item: Json, index) =>
    isObject(item)
      ? expandList(item).map(([each, path]) => [each, `items[${index}].${path}`] as const)
      : [],
  )
}

const nameOf = (value: Json) => (Array.isArray(value) ? 'a list' : `a ${typeof value}`)

const firstLine = (error: YAMLParseError) => error.message.split('\n', 1)[0] ?? error.code
