import { createReadStream, createWriteStream } from 'node:fs'
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  open,
  readdir,
  readlink,
  rename,
  rm,
  rmdir,
  symlink,
} from 'node:fs/promises'
import { basename, dirname, join, normalize } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { ArchiveStrategy } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import type { ZipFile } from 'yazl'
import { codeOf, isWithin, refuseEscapingLink } from './tree.ts'
import { untar } from './untar.ts'

/** Turns a downloaded file into the artifact at `target`, as upstream does: unpacks unless told not to. The file is used up. */
export async function unpack(
  file: string,
  target: string,
  archive: ArchiveStrategy | undefined,
): Promise<void> {
  const kind = archive?.none ? 'none' : archive?.tar ? 'tar' : archive?.zip ? 'zip' : 'detect'
  if (kind === 'none' || (kind === 'detect' && !(await isTarGzip(file)))) {
    return rename(file, target)
  }
  const room = `${target}.tmpdir`
  await mkdir(room)
  try {
    await (kind === 'zip' ? unzip(file, room) : untar(file, room))
    await unwrap(room, target)
  } finally {
    await rm(room, { recursive: true, force: true })
    await rm(file, { force: true })
  }
}

/** A gzipped tar of one file or directory, whose one top entry is called `name`. */
export function packTar(path: string, name = basename(path), level?: number): Readable {
  const out = new PassThrough()
  const options = {
    gzip: level === undefined ? true : { level },
    cwd: dirname(path),
    follow: false,
    // The entry is called as the step called it, whatever the file is called here.
    onWriteEntry: (entry: { path: string }) => {
      entry.path = name + entry.path.slice(basename(path).length)
    },
  }
  const pack = async () => {
    const { create } = await import('tar')
    const packing = create(options, [`./${basename(path)}`.replace(/^\.\/(?!@)/, '')])
    await pipeline(packing as unknown as Readable, out)
  }
  pack().catch((error) => out.destroy(error))
  return out
}

/** A zip of one file or directory, whose top entry is called `name`. */
export async function packZip(path: string, name = basename(path)): Promise<Readable> {
  const { ZipFile } = await import('yazl')
  const zip = new ZipFile()
  await addToZip(zip, path, name)
  zip.end()
  return Readable.from(zip.outputStream)
}

async function addToZip(zip: ZipFile, path: string, name: string): Promise<void> {
  const entry = await lstat(path)
  const options = { mtime: entry.mtime, mode: entry.mode }
  if (entry.isFile()) zip.addFile(path, name, options)
  if (entry.isSymbolicLink()) zip.addBuffer(Buffer.from(await readlink(path)), name, options)
  if (!entry.isDirectory()) return
  zip.addEmptyDirectory(name, options)
  for (const child of (await readdir(path)).sort()) {
    await addToZip(zip, join(path, child), `${name}/${child}`)
  }
}

/** Upstream's test: a gzip stream whose content begins with a tar header. */
export async function isTarGzip(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0)
    if (bytesRead < 2 || buffer[0] !== 0x1f || buffer[1] !== 0x8b) return false
    return isTarHeader(await firstBlock(path))
  } finally {
    await file.close()
  }
}

async function firstBlock(path: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  const source = createReadStream(path)
  const plain = source.pipe(createGunzip())
  source.on('error', (error) => plain.destroy(error))
  try {
    for await (const chunk of plain) {
      chunks.push(chunk)
      size += chunk.length
      if (size >= 512) break
    }
  } catch (error) {
    // Not gzip after all, or cut short: then it is not an archive either.
    if (!codeOf(error).startsWith('Z_')) throw error
  } finally {
    source.destroy()
  }
  return Buffer.concat(chunks)
}

/** The checksum of a tar header is the sum of its bytes, its own field counted as blanks. */
function isTarHeader(block: Buffer): boolean {
  if (block.length < 512) return false
  const stated = Number.parseInt(block.toString('latin1', 148, 156).replace(/[\0 ].*$/s, ''), 8)
  let sum = 8 * 0x20
  for (let at = 0; at < 512; at++) if (at < 148 || at >= 156) sum += block[at] ?? 0
  return sum === stated
}

const linkMode = 0o120000
const typeMask = 0o170000

async function unzip(file: string, room: string): Promise<void> {
  const { openPromise } = await import('yauzl')
  const zip = await openPromise(file, { lazyEntries: true, decodeStrings: true }).catch(
    (cause: unknown) => {
      throw new StatusError('Invalid', cause instanceof Error ? cause.message : String(cause), {
        cause,
      })
    },
  )
  try {
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName
      const path = join(room, normalize(name))
      // yauzl refuses absolute names and `..` itself; this is the second lock.
      if (!isWithin(room, path) || path === room) {
        throw new StatusError('Invalid', `${name}: Illegal file path`)
      }
      const mode = entry.externalFileAttributes >>> 16
      if (name.endsWith('/')) await mkdir(path, { recursive: true })
      else if ((mode & typeMask) === linkMode) {
        await unzipLink(await zip.openReadStreamPromise(entry), room, path)
      } else await unzipFile(await zip.openReadStreamPromise(entry), path, mode & 0o777)
    }
  } finally {
    zip.close()
  }
}

async function unzipFile(content: Readable, path: string, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await pipeline(content, createWriteStream(path, { flags: 'wx' }))
  if (mode !== 0) await chmod(path, mode)
}

async function unzipLink(content: Readable, room: string, path: string): Promise<void> {
  const goal = await text(content)
  refuseEscapingLink(room, path, goal)
  await mkdir(dirname(path), { recursive: true })
  await symlink(goal, path)
}

/** One entry alone becomes the artifact itself; more of them keep their directory. */
async function unwrap(room: string, target: string): Promise<void> {
  const [only, ...more] = await readdir(room)
  if (only === undefined || more.length > 0) return rename(room, target)
  await rename(join(room, only), target)
  await rmdir(room)
}

/** Keeps a stream's bytes in a new file. */
export async function download(bytes: Readable, path: string, signal?: AbortSignal): Promise<void> {
  await pipeline(bytes, createWriteStream(path, { flags: 'wx' }), { ...(signal && { signal }) })
}

/** A private copy of a stored file, ready to be unpacked. */
export async function copyForUnpacking(from: string, target: string): Promise<string> {
  const file = `${target}.tmp`
  await copyFile(from, file)
  return file
}
