import { StatusError } from '@argosy/kube'
import { encodeMessage, type Message } from '@argosy/kube/protobuf'
import {
  type Block,
  blockIn,
  blockMessage,
  type DataNode,
  type FileStatus,
  fileStatusIn,
  type Located,
  locatedIn,
} from './blocks.ts'
import { encryptWire, type TransferKey, transferKeyIn } from './handshake.ts'
import { NameNode, type NameNodes } from './name-node.ts'
import { type Patience, Wire } from './wire.ts'

/** What a name node says of how files are made where nobody says otherwise. */
export interface Defaults {
  readonly blockSize: number
  readonly replication: number
  readonly encryptsTransfers: boolean
}

const fileMode = 0o644
const directoryMode = 0o755
const create = 1
const overwrite = 2
/** Not erasure coded, whatever the directory says. */
const replicate = 0x80

/** The names of files and where their bytes are: the name node's calls, one by one. */
export class FileSystem {
  readonly patience: Patience
  readonly #node: NameNode
  readonly #protection: string | undefined
  #defaults: Promise<Defaults> | undefined
  #transferKey: Promise<TransferKey | undefined> | undefined

  constructor(nodes: NameNodes, patience: Patience) {
    this.patience = patience
    this.#node = new NameNode(nodes, patience)
    this.#protection = nodes.protection
  }

  get clientName(): string {
    return this.#node.clientName
  }

  /** Undefined when there is nothing of that name. */
  async status(path: string): Promise<FileStatus | undefined> {
    const answer = await this.#node.call('getFileInfo', path, encodeMessage([1, path]))
    const found = answer.message(1)
    return found && fileStatusIn(found)
  }

  /** What is in a directory, a part at a time. */
  async *list(path: string): AsyncGenerator<FileStatus> {
    let after: Uint8Array | undefined = new Uint8Array()
    while (after) {
      const request = encodeMessage([1, path], [2, after], [3, false])
      const page: Message | undefined = (
        await this.#node.call('getListing', path, request)
      ).message(1)
      const entries = page?.messages(1) ?? []
      yield* entries.map(fileStatusIn)
      after = page && page.number(2) > 0 ? entries.at(-1)?.bytes(2) : undefined
    }
  }

  async makeDirectories(path: string): Promise<void> {
    const mode = encodeMessage([1, directoryMode])
    await this.#node.call('mkdirs', path, encodeMessage([1, path], [2, mode], [3, true]))
  }

  /** With all that is below it; does nothing when there is nothing of that name. */
  async remove(path: string): Promise<void> {
    await this.#node.call('delete', path, encodeMessage([1, path], [2, true]))
  }

  /** Gives a file or directory a name that is free. */
  async rename(from: string, to: string): Promise<void> {
    await this.#node.call('rename2', to, encodeMessage([1, from], [2, to], [3, false]))
  }

  /** The same, and a file of that name goes in the same moment. */
  async replace(from: string, to: string): Promise<void> {
    await this.#node.call('rename2', to, encodeMessage([1, from], [2, to], [3, true]))
  }

  defaults(): Promise<Defaults> {
    this.#defaults ??= this.#askDefaults()
    return this.#defaults
  }

  async #askDefaults(): Promise<Defaults> {
    const answer = await this.#node.call('getServerDefaults', '/', new Uint8Array())
    const found = answer.message(1)
    return {
      blockSize: found?.number(1) ?? 0,
      replication: found?.number(4) ?? 0,
      encryptsTransfers: found?.number(6) === 1,
    }
  }

  /** What opens the data nodes of a cluster that encrypts; throws where nothing protects what must be protected. */
  transferKey(): Promise<TransferKey | undefined> {
    this.#transferKey ??= this.#askTransferKey()
    return this.#transferKey
  }

  async #askTransferKey(): Promise<TransferKey | undefined> {
    const { encryptsTransfers } = await this.defaults()
    if (encryptsTransfers) {
      const answer = await this.#node.call('getDataEncryptionKey', '/', new Uint8Array())
      const key = answer.message(1)
      if (key) return transferKeyIn(key)
    }
    if (this.#protection === undefined) return undefined
    const words = `hdfs.dataTransferProtection is ${this.#protection}, but this cluster does not encrypt its transfers (dfs.encrypt.data.transfer), and all other protection needs Kerberos`
    throw new StatusError('BadRequest', words)
  }

  /** Where the bytes of a part of a file are. */
  async locate(path: string, offset: number, length: number): Promise<Located | undefined> {
    const request = encodeMessage([1, path], [2, offset], [3, length])
    const answer = await this.#node.call('getBlockLocations', path, request)
    const found = answer.message(1)
    return found && locatedIn(found)
  }

  /** A new file that this client writes; what had its name before is gone. */
  async create(path: string, { replication, blockSize }: Defaults): Promise<bigint> {
    const request = encodeMessage(
      [1, path],
      [2, encodeMessage([1, fileMode])],
      [3, this.clientName],
      [4, create | overwrite | replicate],
      [5, true],
      [6, replication],
      [7, blockSize],
    )
    const file = (await this.#node.call('create', path, request)).message(1)
    return file?.big(13) ?? 0n
  }

  async addBlock(file: Written, excluded: readonly DataNode[]): Promise<Block> {
    const { path, fileId, previous } = file
    const nodes = excluded.map(({ raw }) => [4, raw] as const)
    const request = encodeMessage(
      [1, path],
      [2, this.clientName],
      [3, previous && blockMessage(previous, previous.length)],
      ...nodes,
      [5, fileId],
    )
    const answer = await this.#node.call('addBlock', path, request)
    return blockIn(answer.message(1) ?? answer)
  }

  /** False while the data nodes have not told the name node of everything. */
  async complete({ path, fileId, previous }: Written): Promise<boolean> {
    const last = previous && blockMessage(previous, previous.length)
    const request = encodeMessage([1, path], [2, this.clientName], [3, last], [4, fileId])
    return (await this.#node.call('complete', path, request)).number(1) === 1
  }

  /** Says that somebody is still writing. */
  async renewLease(): Promise<void> {
    await this.#node.call('renewLease', this.clientName, encodeMessage([1, this.clientName]))
  }

  close(): void {
    this.#node.close()
  }
}

/** A file while it is written: `previous` is its last block so far, with its length. */
export interface Written {
  readonly path: string
  readonly fileId: bigint
  readonly previous: Block | undefined
}

/** A connection to a data node, encrypted where the cluster wants it. */
export async function openDataNode(fs: FileSystem, { address }: DataNode): Promise<Wire> {
  const key = await fs.transferKey()
  const wire = await Wire.open(address, fs.patience)
  try {
    if (key) await encryptWire(wire, key)
    return wire
  } catch (error) {
    wire.close()
    throw error
  }
}
