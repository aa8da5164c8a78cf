import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { posix } from 'node:path'
import { delimited, encodeMessage, type Message, undelimited } from '@argosy/kube/protobuf'
import type { Thrown } from './rpc.ts'
import { StandInBlocks } from './stand-in-blocks.fixture.ts'
import { Wire } from './wire.ts'

interface Entry {
  /** Undefined for a directory. */
  readonly blocks: bigint[] | undefined
}

const blockSize = 1024 * 1024
const patience = { timeoutMs: 60_000, pausesMs: [], signal: undefined }
const notFound = 'java.io.FileNotFoundException'

/** A name node and data nodes in a few lines, which do what Hadoop does as far as artifacts need it, or fail as told. */
export class StandIn implements AsyncDisposable {
  readonly address: string
  readonly data: StandInBlocks
  /** What was called, in order. */
  readonly heard: { readonly method: string; readonly user: string; readonly retry: number }[] = []
  /** What calls throw, by method. */
  readonly throws = new Map<string, Thrown>()
  /** How many calls in all are answered so. */
  throwsAtMost = Number.POSITIVE_INFINITY
  /** Connections that are closed when the next call comes on them. */
  hangsUp = 0
  /** How often a file is not complete yet. */
  slowBlocks = 0
  /** What is said of every file that is read, by number of the field. */
  hindrance: number | undefined
  readonly #entries = new Map<string, Entry>([['/', { blocks: undefined }]])
  readonly #server: Server
  #blocks = 0n

  private constructor(server: Server, data: StandInBlocks) {
    this.#server = server
    this.data = data
    this.address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  static async open(dataNodes = 1): Promise<StandIn> {
    const data = await StandInBlocks.open(dataNodes)
    const server = await listening((socket) => void standIn.#serve(socket).catch(() => {}))
    const standIn = new StandIn(server, data)
    return standIn
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    await this.data[Symbol.asyncDispose]()
  }

  /** How many nobody has closed yet. */
  connections(): Promise<number> {
    return new Promise((resolve, reject) =>
      this.#server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    )
  }

  get paths(): readonly string[] {
    return [...this.#entries.keys()].sort()
  }

  async #serve(socket: Socket): Promise<void> {
    const wire = Wire.over(socket, patience)
    await wire.read(7)
    const frame = async () => wire.read((await wire.read(4)).readUInt32BE())
    const user =
      undelimited(undelimited(await frame()).rest)
        .message.message(2)
        ?.text(1) ?? ''
    for (;;) {
      const { message: head, rest } = undelimited(await frame())
      if (this.hangsUp > 0) {
        this.hangsUp -= 1
        return wire.close()
      }
      const { message: what, rest: body } = undelimited(rest)
      const [method, retry] = [what.text(1), head.number(5) / 2]
      this.heard.push({ method, user, retry })
      const answer = this.#answer(method, undelimited(body).message)
      await wire.write(reply(head.number(3) / 2, answer))
    }
  }

  #answer(method: string, request: Message): Thrown | Buffer {
    const told = this.throws.get(method)
    if (told && this.heard.length <= this.throwsAtMost) return told
    const handler = this.#handlers[method]
    return handler?.(request) ?? thrown('java.lang.UnsupportedOperationException', method)
  }

  readonly #handlers: Readonly<Record<string, (request: Message) => Thrown | Buffer>> = {
    getFileInfo: (request) => {
      const path = request.text(1)
      const entry = this.#entries.get(path)
      return encodeMessage([1, entry && this.#status('', entry)])
    },
    getListing: (request) => this.#list(request.text(1), request.bytes(2)),
    mkdirs: (request) => this.#makeDirectories(request.text(1)),
    delete: (request) => {
      const paths = this.#below(request.text(1))
      for (const path of paths) this.#entries.delete(path)
      return encodeMessage([1, paths.length > 0])
    },
    rename2: (request) => this.#rename(request.text(1), request.text(2), request.number(3) === 1),
    getServerDefaults: () =>
      encodeMessage([1, encodeMessage([1, blockSize], [2, 512], [3, 65536], [4, 1], [5, 0])]),
    getBlockLocations: (request) => this.#locate(request.text(1), request.number(2)),
    create: (request) => {
      const entry = { blocks: [] }
      this.#entries.set(request.text(1), entry)
      return encodeMessage([1, this.#status('', entry)])
    },
    addBlock: (request) => {
      const entry = this.#entries.get(request.text(1))
      this.#blocks += 1n
      entry?.blocks?.push(this.#blocks)
      const excluded = request.messages(4).map((node) => node.message(1)?.number(4) ?? 0)
      const block = this.#block(this.#blocks, 0, excluded)
      if (block) return encodeMessage([1, block])
      return thrown('java.io.IOException', 'could only be written to 0 of the 1 nodes')
    },
    complete: () => {
      this.slowBlocks -= 1
      return encodeMessage([1, this.slowBlocks < 0])
    },
    renewLease: () => Buffer.alloc(0),
  }

  #status(name: string, entry: Entry): Buffer {
    const { blocks } = entry
    return encodeMessage(
      [1, blocks ? 2 : 1],
      [2, name],
      [3, blocks ? this.#length(blocks) : 0],
      [11, blockSize],
      [13, 7],
    )
  }

  #length(blocks: readonly bigint[]): number {
    return blocks.reduce((sum, id) => sum + (this.data.kept.get(id)?.length ?? 0), 0)
  }

  /** Two at a time, so that pages are turned. */
  #list(path: string, after: Uint8Array | undefined): Buffer {
    const last = Buffer.from(after ?? []).toString()
    const names = this.#below(path)
      .filter((one) => one !== path && posix.dirname(one) === path)
      .map((one) => posix.basename(one))
      .filter((name) => name > last)
    const page = names.slice(0, 2).map((name) => {
      const entry = this.#entries.get(posix.join(path, name))
      return [1, entry && this.#status(name, entry)] as const
    })
    return encodeMessage([1, encodeMessage(...page, [2, names.length - page.length])])
  }

  #below(path: string): readonly string[] {
    const folder = path === '/' ? '/' : `${path}/`
    return this.paths.filter((one) => one === path || one.startsWith(folder))
  }

  #makeDirectories(path: string): Thrown | Buffer {
    for (let at = path; at !== '/'; at = posix.dirname(at)) {
      if (this.#entries.get(at)?.blocks) {
        return thrown('org.apache.hadoop.fs.ParentNotDirectoryException', `${at} is a file`)
      }
      if (!this.#entries.has(at)) this.#entries.set(at, { blocks: undefined })
    }
    return encodeMessage([1, true])
  }

  #rename(from: string, to: string, replace: boolean): Thrown | Buffer {
    if (this.#entries.has(to) && !replace) {
      return thrown('org.apache.hadoop.fs.FileAlreadyExistsException', `${to} exists`)
    }
    for (const path of this.#below(from)) {
      const entry = this.#entries.get(path)
      this.#entries.delete(path)
      if (entry) this.#entries.set(to + path.slice(from.length), entry)
    }
    return Buffer.alloc(0)
  }

  #locate(path: string, from: number): Thrown | Buffer {
    const blocks = this.#entries.get(path)?.blocks
    if (!blocks) return thrown(notFound, `File does not exist: ${path}`)
    let offset = 0
    const parts = blocks.flatMap((id) => {
      const begins = offset
      offset += this.data.kept.get(id)?.length ?? 0
      const block = offset > from ? this.#block(id, begins, []) : undefined
      return block ? [[2, block] as const] : []
    })
    const extra = this.hindrance === undefined ? [] : [[this.hindrance, Buffer.alloc(0)] as const]
    const located = encodeMessage([1, offset], ...parts, [3, false], [5, true], ...extra)
    return encodeMessage([1, located])
  }

  #block(id: bigint, offset: number, excluded: readonly number[]): Buffer | undefined {
    const nodes = this.data.ports.filter((port) => !excluded.includes(port))
    if (nodes.length === 0) return undefined
    const length = this.data.kept.get(id)?.length ?? 0
    return encodeMessage(
      [1, encodeMessage([1, 'pool'], [2, id], [3, 1001], [4, length])],
      [2, offset],
      ...nodes.map((port) => [3, dataNode(port)] as const),
      [4, false],
      [5, encodeMessage([1, 'token'], [2, ''], [3, ''], [4, ''])],
      ...nodes.map(() => [7, 1] as const),
      ...nodes.map((port) => [8, `storage-${port}`] as const),
    )
  }
}

function dataNode(port: number): Buffer {
  const id = encodeMessage([1, '127.0.0.1'], [2, 'localhost'], [3, `node-${port}`], [4, port])
  return encodeMessage([1, id])
}

function thrown(exception: string, message: string): Thrown {
  return { exception, message }
}

function reply(id: number, answer: Thrown | Buffer): Buffer {
  const body = Buffer.isBuffer(answer)
    ? Buffer.concat([delimited(encodeMessage([1, id], [2, 0])), delimited(answer)])
    : delimited(encodeMessage([1, id], [2, 1], [4, answer.exception], [5, answer.message]))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  return Buffer.concat([length, body])
}

/** A server on the loopback. */
export async function listening(serve: (socket: Socket) => void): Promise<Server> {
  const server = createServer(serve)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
