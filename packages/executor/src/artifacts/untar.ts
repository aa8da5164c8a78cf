import { createReadStream, createWriteStream } from 'node:fs'
import { chmod, link, lstat, lutimes, mkdir, open, rm, symlink } from 'node:fs/promises'
import { dirname, join, normalize, relative } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { StatusError } from '@argosy/kube'
import type { Parser, ReadEntry } from 'tar'
import { codeOf, isWithin, refuseEscapingLink } from './tree.ts'

/**
 * Unpacks a tar file, gzipped or not, into the empty directory `room`, entry by entry.
 *
 * 1. No name leads out of `room`, neither by `..` nor through a link that the archive itself has made.
 * 2. No link leads out of it either.
 * 3. Owners are not kept; a later entry takes the place of an earlier one of the same name.
 */
export async function untar(file: string, room: string): Promise<void> {
  try {
    await untarStream(await plainBytes(file), room, { links: 'inside' })
  } catch (error) {
    if (!codeOf(error).startsWith('Z_')) throw error
    throw new StatusError('Invalid', (error as Error).message, { cause: error })
  }
}

/** Not the parser's own gunzip: it says that it is full, and never that it no longer is. */
async function plainBytes(path: string): Promise<AsyncIterable<Buffer>> {
  const bytes = createReadStream(path)
  if (!(await isGzip(path))) return bytes
  const plain = createGunzip({ chunkSize: 256 * 1024 })
  // What goes wrong reaches whoever reads `plain`.
  pipeline(bytes, plain).catch(() => undefined)
  return plain
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}

/** The same of a tar (not gzipped) that is still coming. With links `as they are` rule 2 is left to whoever follows them. */
export async function untarStream(
  chunks: AsyncIterable<Buffer>,
  room: string,
  { links }: { readonly links: 'inside' | 'as they are' },
): Promise<void> {
  const { Parser } = await import('tar')
  const unpacking = new Unpacking(room, links === 'inside')
  const parser = new Parser({
    onReadEntry: (entry) => unpacking.take(entry),
    onwarn: (code, message) => {
      if (code === 'TAR_BAD_ARCHIVE' || code === 'TAR_ABORT') unpacking.fail(String(message))
    },
  })
  const over = new Promise<void>((resolve) => {
    for (const event of ['close', 'end', 'abort', 'error'] as const)
      parser.on(event, () => resolve())
  })
  try {
    for await (const chunk of chunks) {
      if (!parser.write(chunk)) await Promise.race([over, drained(parser)])
      if (unpacking.failure) break
    }
  } catch (error) {
    await unpacking.stop(error as Error)
  }
  parser.end()
  await over
  await unpacking.done()
}

function drained(parser: Parser): Promise<void> {
  return new Promise((resolve) => parser.once('drain', () => resolve()))
}

class Unpacking {
  failure: Error | undefined
  readonly #room: string
  readonly #keepsLinksInside: boolean
  readonly #modes: [string, number][] = []
  #work: Promise<void> = Promise.resolve()
  #entry: ReadEntry | undefined

  constructor(room: string, keepsLinksInside: boolean) {
    this.#room = room
    this.#keepsLinksInside = keepsLinksInside
  }

  /** Entries come faster than they can be written: the stream of each waits for its turn. */
  take(entry: ReadEntry): void {
    this.#work = this.#work.then(async () => {
      this.#entry = entry
      try {
        if (!this.failure) await this.#unpack(entry)
      } catch (error) {
        this.failure ??= error instanceof Error ? error : new Error(String(error))
      } finally {
        entry.resume()
      }
    })
  }

  /** The bytes have failed: what waits for more of them never gets them. */
  async stop(error: Error): Promise<void> {
    this.failure ??= error
    this.#entry?.destroy(error)
    await this.#work
    throw this.failure
  }

  fail(message: string): void {
    this.failure ??= new StatusError('Invalid', message)
  }

  async done(): Promise<void> {
    await this.#work
    if (this.failure) throw this.failure
    // Last, and inner ones first: a directory may forbid writing into it.
    for (const [path, mode] of this.#modes.reverse()) await chmod(path, mode)
  }

  async #unpack(entry: ReadEntry): Promise<void> {
    const path = this.#inside(entry.path, 'file path', entry.path)
    if (entry.type === 'Directory') return this.#directory(path, entry)
    // The archive's own root can only be a directory.
    if (path === this.#room) throw illegal('file path', entry.path)
    await this.#parents(path)
    await rm(path, { force: true }).catch((error) => {
      throw codeOf(error) === 'ERR_FS_EISDIR' ? illegal('file path', entry.path) : error
    })
    const write = writers[entry.type]
    if (!write) return
    await write(entry, path, this)
    if (entry.type !== 'Link' && entry.mtime) await lutimes(path, entry.mtime, entry.mtime)
  }

  async #directory(path: string, entry: ReadEntry): Promise<void> {
    await this.#parents(join(path, 'x'))
    this.#modes.push([path, (entry.mode ?? 0o755) & 0o777])
  }

  /** Makes the directories above `path`; none of them may be anything else. */
  async #parents(path: string): Promise<void> {
    const way = relative(this.#room, dirname(path))
    let at = this.#room
    for (const name of way === '' ? [] : way.split('/')) {
      at = join(at, name)
      await mkdir(at).catch((error) => {
        if (codeOf(error) !== 'EEXIST') throw error
      })
      if ((await lstat(at)).isDirectory()) continue
      throw new StatusError(
        'Invalid',
        `illegal file path after symlink resolution: ${relative(this.#room, path)}`,
      )
    }
  }

  #inside(name: string, what: string, words: string): string {
    const path = join(this.#room, normalize(name))
    if (name.startsWith('/') || !isWithin(this.#room, path)) throw illegal(what, words)
    return path.replace(/(?<=.)\/$/, '')
  }

  async symbolicLink(entry: ReadEntry, path: string): Promise<void> {
    const goal = entry.linkpath ?? ''
    if (this.#keepsLinksInside) refuseEscapingLink(this.#room, path, goal)
    await symlink(goal, path)
  }

  async hardLink(entry: ReadEntry, path: string): Promise<void> {
    const words = `${entry.path} -> ${entry.linkpath}`
    const goal = this.#inside(entry.linkpath ?? '/', 'link target', words)
    await this.#parents(goal)
    if (!(await lstat(goal)).isFile()) throw illegal('link target', words)
    await link(goal, path)
  }

  async file(entry: ReadEntry, path: string): Promise<void> {
    await pipeline(Readable.from(entry), createWriteStream(path, { flags: 'wx' }))
    await chmod(path, (entry.mode ?? 0o644) & 0o777)
  }
}

type Write = (entry: ReadEntry, path: string, to: Unpacking) => Promise<void>

const asFile: Write = (entry, path, to) => to.file(entry, path)

/** Devices and pipes have no writer: upstream leaves them out too. */
const writers: Readonly<Record<string, Write>> = {
  File: asFile,
  OldFile: asFile,
  ContiguousFile: asFile,
  SymbolicLink: (entry, path, to) => to.symbolicLink(entry, path),
  Link: (entry, path, to) => to.hardLink(entry, path),
}

function illegal(what: string, words: string): StatusError {
  return new StatusError('Invalid', `illegal ${what}: ${words}`)
}
