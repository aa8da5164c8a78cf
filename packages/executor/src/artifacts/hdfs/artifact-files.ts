import { posix } from 'node:path'
import { Readable } from 'node:stream'
import { StatusError } from '@argosy/kube'
import { download } from '../archive.ts'
import type { Content } from '../object-store.ts'
import { draftOf, putInPlace, refuseOccupied } from './draft.ts'
import { FileSystem } from './file-system.ts'
import type { NameNodes } from './name-node.ts'
import { readFile } from './read-file.ts'
import { loadTree, saveTree, walk } from './trees.ts'
import type { Patience } from './wire.ts'
import { writeFile } from './write-file.ts'

/** What a driver does with the file or directory at a path, over one connection. */
export class ArtifactFiles {
  readonly #nodes: NameNodes
  readonly #fs: FileSystem

  constructor(nodes: NameNodes, patience: Patience) {
    this.#nodes = nodes
    this.#fs = new FileSystem(nodes, patience)
  }

  async isDirectory(path: string): Promise<boolean> {
    return (await this.#fs.status(path))?.kind === 'directory'
  }

  /** A file's bytes in `target`, or a directory at `target`; says which. */
  async load(path: string, targets: { readonly file: string; readonly directory: string }) {
    const { kind } = await this.#found(path)
    if (kind === 'directory') await loadTree(this.#fs, path, targets.directory)
    else await download(await this.open(path), targets.file, this.#fs.patience.signal)
    return kind
  }

  /** The stream ends the connection, as `close` does. */
  async open(path: string): Promise<Readable> {
    const status = await this.#found(path)
    if (status.kind === 'directory') {
      const words = `hdfs: ${path} is a directory of files, not one stream`
      throw new StatusError('MethodNotAllowed', words)
    }
    const stream = Readable.from(readFile(this.#fs, path, status), { objectMode: false })
    return stream.on('close', () => this.close())
  }

  /** Makes what is at the path from one stream of bytes, or from a directory of this machine. */
  async save(content: Content | string, path: string, options: { readonly force: boolean }) {
    const fs = this.#fs
    if (!options.force) await refuseOccupied(fs, path)
    await fs.makeDirectories(posix.dirname(path))
    const draft = draftOf(path)
    try {
      if (typeof content === 'string') await saveTree(fs, content, draft)
      else await writeFile(fs, draft, content)
      await putInPlace(fs, draft, path)
    } catch (error) {
      await this.#forget(draft)
      throw error
    }
  }

  remove(path: string): Promise<void> {
    return this.#fs.remove(path)
  }

  /** Paths of files and links; none below a file. */
  async list(path: string): Promise<readonly string[]> {
    const { kind } = await this.#found(path)
    const paths: string[] = []
    if (kind !== 'directory') return paths
    for await (const { name, status } of walk(this.#fs, path)) {
      if (status.kind !== 'directory') paths.push(posix.join(path, name))
    }
    return paths
  }

  close(): void {
    this.#fs.close()
  }

  async #found(path: string) {
    const status = await this.#fs.status(path)
    if (status) return status
    throw new StatusError('NotFound', `hdfs: ${path}: no such file or directory`)
  }

  /** Also when whoever wanted it has given up; what cannot be removed has a name that nobody reads. */
  async #forget(draft: string): Promise<void> {
    const fs = new FileSystem(this.#nodes, { ...this.#fs.patience, signal: undefined })
    await fs.remove(draft).catch(() => undefined)
    fs.close()
  }
}
