import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { text } from 'node:stream/consumers'

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

const manifestNames = new Set(['.yaml', '.yml', '.json'])

/** Reads files, folders (their .yaml, .yml and .json files, by name; `deep`: also those below) and `-`. */
export async function readSources(
  paths: readonly string[],
  stdin: NodeJS.ReadableStream = process.stdin,
  depth: 'flat' | 'deep' = 'flat',
): Promise<Sources> {
  const sources: Source[] = []
  const problems: string[] = []
  for (const path of paths) {
    try {
      sources.push(...(await readPath(path, stdin, depth)))
    } catch (error) {
      problems.push(`${path}: ${reason(error)}`)
    }
  }
  return { sources, problems }
}

async function readPath(
  path: string,
  stdin: NodeJS.ReadableStream,
  depth: 'flat' | 'deep',
): Promise<readonly Source[]> {
  if (path === '-') return [{ file: 'stdin', text: await text(stdin) }]
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) {
    throw new Error(
      'argosy does not fetch manifests: what is run on your machine should lie before your eyes first ' +
        `(curl -fsSLO ${path})`,
    )
  }
  if ((await stat(path)).isDirectory()) return readFolder(path, depth)
  return [{ file: path, text: await readFile(path, 'utf8') }]
}

async function readFolder(folder: string, depth: 'flat' | 'deep'): Promise<readonly Source[]> {
  const files = depth === 'deep' ? await filesBelow(folder) : await filesIn(folder)
  if (files.length === 0) throw new Error('no .yaml, .yml or .json file in this folder')
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(file, 'utf8') })))
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory() && manifestNames.has(extname(entry.name)))
    .map((entry) => join(folder, entry.name))
    .sort()
}

/** Hidden folders and node_modules are nobody's manifests. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const folders = entries.filter(
    (entry) => entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name),
  )
  const below = folders.map(({ name }) => filesBelow(join(folder, name)))
  return [...(await filesIn(folder)), ...(await Promise.all(below)).flat()]
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : ''
  return words[code] ?? error.message
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EISDIR: 'this is a folder',
}
