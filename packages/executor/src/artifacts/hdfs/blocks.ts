import { encodeMessage, type Message } from '@argosy/kube/protobuf'
import type { Address } from './wire.ts'

/** A file or directory, as the name node knows it. */
export interface FileStatus {
  readonly kind: 'directory' | 'file' | 'link'
  /** Its own name; '' for the one that was asked for. */
  readonly name: string
  readonly length: number
  readonly blockSize: number
  readonly fileId: bigint
}

/** Which bytes of a file are where. */
export interface Block {
  readonly pool: string
  readonly id: bigint
  readonly generation: bigint
  readonly length: number
  /** Where in the file it begins. */
  readonly offset: number
  readonly nodes: readonly DataNode[]
  /** What a data node wants to see, as the name node wrote it. */
  readonly token: Uint8Array | undefined
  readonly storageTypes: readonly number[]
  readonly storageIds: readonly string[]
}

export interface DataNode {
  readonly address: Address
  /** How the name node wrote it, for whoever is told of it. */
  readonly raw: Uint8Array
}

export interface Located {
  readonly fileLength: number
  readonly blocks: readonly Block[]
  /** Why its bytes cannot be read by simple means. */
  readonly hindrance: string | undefined
}

export function fileStatusIn(message: Message): FileStatus {
  const kind = message.number(1)
  return {
    kind: kind === 1 ? 'directory' : kind === 3 ? 'link' : 'file',
    name: message.text(2),
    length: message.number(3),
    blockSize: message.number(11),
    fileId: message.big(13),
  }
}

export function locatedIn(message: Message): Located {
  const blocks = message.messages(2).map(blockIn)
  return { fileLength: message.number(1), blocks, hindrance: hindranceIn(message) }
}

function hindranceIn(message: Message): string | undefined {
  if (message.bytes(6)) return 'it is in an encryption zone, whose keys are elsewhere'
  if (message.bytes(7)) return 'it is erasure coded, and only replicated files can be read'
  const isUnfinished = message.number(3) === 1 && message.number(5) === 0 && message.bytes(4)
  return isUnfinished ? 'it is still being written' : undefined
}

export function blockIn(message: Message): Block {
  const block = message.message(1)
  return {
    pool: block?.text(1) ?? '',
    id: block?.big(2) ?? 0n,
    generation: block?.big(3) ?? 0n,
    length: block?.number(4) ?? 0,
    offset: message.number(2),
    nodes: message.messages(3).map(dataNodeIn),
    token: message.bytes(5),
    storageTypes: message.numbers(7),
    storageIds: message.texts(8),
  }
}

function dataNodeIn(message: Message): DataNode {
  const id = message.message(1)
  const address = { host: id?.text(1) ?? '', port: id?.number(4) ?? 0 }
  return { address, raw: message.raw }
}

/** The block as others are told of it, with what is in it by now. */
export function blockMessage({ pool, id, generation }: Block, length: number): Buffer {
  return encodeMessage([1, pool], [2, id], [3, generation], [4, length])
}

export function nameOfAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
