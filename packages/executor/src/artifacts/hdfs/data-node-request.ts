import { delimited, encodeMessage, type Message } from '@argosy/kube/protobuf'
import { type Block, blockMessage } from './blocks.ts'
import { type Checksum, checksumMessage } from './packets.ts'

const version = 28
const writeBlock = 80
const readBlock = 81
const pipelineSetupCreate = 6

/** Asks for a part of a block. */
export function readRequest(
  block: Block,
  clientName: string,
  part: { readonly offset: number; readonly length: number },
): Buffer {
  const header = operationHeader(block, clientName)
  return request(readBlock, encodeMessage([1, header], [2, part.offset], [3, part.length]))
}

/** Says that a block comes, and to which nodes the first one hands it on. */
export function writeRequest(block: Block, clientName: string, checksum: Checksum): Buffer {
  const [first, ...others] = block.nodes
  const [type, ...types] = block.storageTypes
  const [id, ...ids] = block.storageIds
  const message = encodeMessage(
    [1, operationHeader(block, clientName)],
    ...others.map(({ raw }) => [2, raw] as const),
    [4, pipelineSetupCreate],
    [5, first ? 1 + others.length : 0],
    [6, 0],
    [7, 0],
    [8, block.generation],
    [9, checksumMessage(checksum)],
    [11, type],
    ...types.map((one) => [12, one] as const),
    [16, id],
    ...ids.map((one) => [17, one] as const),
  )
  return request(writeBlock, message)
}

const statuses: readonly string[] = [
  'SUCCESS',
  'ERROR',
  'ERROR_CHECKSUM',
  'ERROR_INVALID',
  'ERROR_EXISTS',
  'ERROR_ACCESS_TOKEN',
  'CHECKSUM_OK',
  'ERROR_UNSUPPORTED',
  'OOB_RESTART',
]

/** What a data node calls a status. */
export function statusName(status: number): string {
  return statuses[status] ?? `status ${status}`
}

/** What a data node answers to a request: why not, if not. */
export function refusalIn(answer: Message): string | undefined {
  const status = answer.number(1)
  if (status === 0) return undefined
  const words = [statusName(status), answer.text(5)].filter(Boolean).join(': ')
  const bad = answer.text(2)
  return bad === '' ? words : `${words} (at ${bad})`
}

/** What a reader says who found all sums right. */
export const readWell = encodeMessage([1, statuses.indexOf('CHECKSUM_OK')])

function operationHeader(block: Block, clientName: string): Buffer {
  const base = encodeMessage([1, blockMessage(block, block.length)], [2, block.token])
  return encodeMessage([1, base], [2, clientName])
}

function request(operation: number, message: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0, version, operation]), delimited(message)])
}
