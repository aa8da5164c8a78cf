import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Where in the file a script's code stands. */
type Place = readonly [from: number, size: number]

interface Contents {
  readonly build: string
  readonly places: Readonly<Record<string, Place>>
}

const headSize = 16

/**
 * A file with the compiled code of scripts, as V8 has it, which takes what is in there without looking: so a file counts
 * only when it is whole and of this very build.
 *
 * | bytes | what |
 * |---|---|
 * | 0–7 | where the contents begin |
 * | 8–15 | how long the file is |
 * | 16– | compiled code; each begins at a multiple of eight, else V8 copies it |
 * | at the end | JSON: the build, and the place of each script |
 */
export class CodePack {
  readonly #file: number
  readonly #places: Readonly<Record<string, Place>>

  private constructor(file: number, { places }: Contents) {
    this.#file = file
    this.#places = places
  }

  /** Stays open: who replaces the file replaces the name alone. */
  static open(path: string, build: string): CodePack | undefined {
    let file: number
    try {
      file = openSync(path, 'r')
    } catch {
      return undefined
    }
    const contents = contentsOf(file)
    if (contents?.build === build) return new CodePack(file, contents)
    closeSync(file)
    return undefined
  }

  get names(): readonly string[] {
    return Object.keys(this.#places)
  }

  /** What has been compiled of a script. */
  codeOf(name: string): Buffer | undefined {
    const place = this.#places[name]
    return place && bytesAt(this.#file, place)
  }
}

/** Whoever reads the file meanwhile reads the old one. */
export function writeCodePack(
  path: string,
  build: string,
  codes: ReadonlyMap<string, Uint8Array>,
): void {
  const places: Record<string, Place> = {}
  let at = headSize
  for (const [name, { length }] of codes) {
    places[name] = [at, length]
    at = aligned(at + length)
  }
  const contents = Buffer.from(JSON.stringify({ build, places } satisfies Contents))
  const head = Buffer.alloc(headSize)
  head.writeDoubleLE(at, 0)
  head.writeDoubleLE(at + contents.length, 8)
  const draft = `${path}.${process.pid}`
  const file = openSync(draft, 'wx', 0o600)
  try {
    writeSync(file, head, 0, headSize, 0)
    for (const [name, code] of codes) writeSync(file, code, 0, code.length, places[name]?.[0])
    writeSync(file, contents, 0, contents.length, at)
    fsyncSync(file)
    renameSync(draft, path)
  } catch (error) {
    unlinkSync(draft)
    throw error
  } finally {
    closeSync(file)
  }
}

/** So many builds of the same command are remembered: who works on Argosy has many, others one or two. */
const mostBuilds = 3

/** Of the packs with the same purpose, those that were written last stay. */
export function forgetOldPacks(path: string): void {
  const folder = dirname(path)
  const [purpose = ''] = basename(path).split(/(?<=-)v\d/)
  const paths = readdirSync(folder)
    .filter((name) => name.startsWith(`${purpose}v`))
    .map((name) => join(folder, name))
  const writtenAt = new Map(paths.map((each) => [each, statSync(each).mtimeMs]))
  const newest = paths.sort((a, b) => (writtenAt.get(b) ?? 0) - (writtenAt.get(a) ?? 0))
  for (const each of newest.slice(mostBuilds)) unlinkSync(each)
}

function aligned(size: number): number {
  return Math.ceil(size / 8) * 8
}

function contentsOf(file: number): Contents | undefined {
  const head = bytesAt(file, [0, headSize])
  if (!head) return undefined
  const from = head.readDoubleLE(0)
  const end = head.readDoubleLE(8)
  if (fstatSync(file).size !== end || from > end) return undefined
  const text = bytesAt(file, [from, end - from])
  return text && (JSON.parse(text.toString('latin1')) as Contents)
}

function bytesAt(file: number, [from, size]: Place): Buffer | undefined {
  const bytes = Buffer.allocUnsafeSlow(size)
  return readSync(file, bytes, 0, size, from) === size ? bytes : undefined
}
