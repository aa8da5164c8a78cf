import { createReadStream, createWriteStream } from 'node:fs'
import { chmod, link, lstat, lutimes, mkdir, rm, symlink } from 'node:fs/promises'
import { dirname, join, normalize, relative } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
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
export function untar(file: string, room: string): Promise<void> {
  return untarStream(createReadStream(file), room, { links: 'inside' })
}

/** The same of a tar that is still coming. With links `as they are` rule 2 is left to whoever follows them. */
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
  for await (const chunk of chunks) {
    if (!parser.write(chunk)) await Promise.race([over, drained(parser)])
    if (unpacking.failure) break
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

  constructor(room: string, keepsLinksInside: boolean) {
    this.#room = room
    this.#keepsLinksInside = keepsLinksInside
  }

  /** Entries come faster than they can be written: the stream of each waits for its turn. */
  take(entry: ReadEntry): void {
    this.#work = this.#work.then(async () => {
      try {
        if (!this.failure) await this.#unpack(entry)
      } catch (error) {
        this.failure ??= error instanceof Error ? error : new Error(String(error))
      } finally {
        entry.resume()
      }
    })
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
