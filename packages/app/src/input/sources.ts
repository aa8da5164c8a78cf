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

/** Reads files, folders (their .yaml, .yml and .json files, by name) and `-`. */
export async function readSources(
  paths: readonly string[],
  stdin: NodeJS.ReadableStream = process.stdin,
): Promise<Sources> {
  const sources: Source[] = []
  const problems: string[] = []
  for (const path of paths) {
    try {
      sources.push(...(await readPath(path, stdin)))
    } catch (error) {
      problems.push(`${path}: ${reason(error)}`)
    }
  }
  return { sources, problems }
}

async function readPath(path: string, stdin: NodeJS.ReadableStream): Promise<readonly Source[]> {
  if (path === '-') return [{ file: 'stdin', text: await text(stdin) }]
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) {
    throw new Error(
      'argosy does not fetch manifests: what is run on your machine should lie before your eyes first ' +
        `(curl -fsSLO ${path})`,
    )
  }
  if ((await stat(path)).isDirectory()) return readFolder(path)
  return [{ file: path, text: await readFile(path, 'utf8') }]
}

async function readFolder(folder: string): Promise<readonly Source[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const files = entries
    .filter((entry) => !entry.isDirectory() && manifestNames.has(extname(entry.name)))
    .map((entry) => join(folder, entry.name))
    .sort()
  if (files.length === 0) throw new Error('no .yaml, .yml or .json file in this folder')
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(file, 'utf8') })))
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
