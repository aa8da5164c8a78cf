import { readdirSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { decodeText, TextError } from './decode-text.ts'
import { readText, readTextAmongOthers } from './read-text.ts'
import { unread } from './unread.ts'

/** One file's text under the name that a user knows it by. */
export interface Source {
  readonly file: string
  readonly text: string
}

export interface Sources {
  readonly sources: readonly Source[]
  /** What could not be read, in words. */
  readonly problems: readonly string[]
}

/** Standard input is opened when it is asked for. */
interface Input {
  readonly stdin: NodeJS.ReadableStream
}

const manifestNames = new Set(['.yaml', '.yml', '.json'])

/** Reads files, folders (their .yaml, .yml and .json files, by name; `deep`: also those below) and `-`. */
export async function readSources(
  paths: readonly string[],
  input: Input = process,
  depth: 'flat' | 'deep' = 'flat',
): Promise<Sources> {
  const sources: Source[] = []
  const problems: string[] = []
  const noted = async <T>(name: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work()
    } catch (error) {
      const place = error instanceof TextError ? `:${error.line}:${error.column}` : ''
      problems.push(`${name}${place}: ${unread(error)}`)
      return undefined
    }
  }
  for (const path of paths) {
    for (const place of (await noted(path, () => placesAt(path, depth))) ?? []) {
      const text = await noted(place.file, () => place.read(input))
      if (text !== undefined) sources.push({ file: place.file, text })
    }
  }
  return { sources, problems }
}

interface Place {
  readonly file: string
  read(input: Input): Promise<string>
}

async function placesAt(path: string, depth: 'flat' | 'deep'): Promise<readonly Place[]> {
  if (path === '-') {
    return [{ file: 'stdin', read: async ({ stdin }) => decodeText(await buffer(stdin)) }]
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) {
    throw new Error(
      'argosy does not fetch manifests: what is run on your machine should lie before your eyes first ' +
        `(curl -fsSLO ${path})`,
    )
  }
  if (!statSync(path).isDirectory()) return [{ file: path, read: () => readText(path) }]
  const files = depth === 'deep' ? filesBelow(path) : filesIn(path)
  if (files.length === 0) throw new Error('no .yaml, .yml or .json file in this folder')
  const read = depth === 'deep' ? readTextAmongOthers : readText
  return files.map((file) => ({ file, read: () => read(file) }))
}

function filesIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory() && manifestNames.has(extname(entry.name)))
    .map((entry) => join(folder, entry.name))
    .sort()
}

/** Hidden folders and node_modules are nobody's manifests. */
function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  const folders = entries.filter(
    (entry) => entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name),
  )
  return [...filesIn(folder), ...folders.flatMap(({ name }) => filesBelow(join(folder, name)))]
}
