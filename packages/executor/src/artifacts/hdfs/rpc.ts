import { delimited, encodeMessage, type Message, undelimited, zigzag } from '@argosy/kube/protobuf'

/** One call of a name node. Its client and its id name it: a name node that hears it twice does it once. */
export interface Call {
  readonly clientId: Uint8Array
  readonly id: number
  /** How often it was sent before. */
  readonly retry: number
  readonly method: string
  readonly request: Uint8Array
}

/** What a name node answers to a call: a message, or which exception it threw. */
export type Reply =
  | { readonly id: number; readonly answer: Message }
  | { readonly id: number; readonly thrown: Thrown }

export interface Thrown {
  /** The name of the class, with its package. */
  readonly exception: string
  /** Its first line: the rest is where in Hadoop it happened. */
  readonly message: string
}

const protocol = 'org.apache.hadoop.hdfs.protocol.ClientProtocol'
const version = 9
const withoutSasl = 0
const contextId = -3

/** How a connection begins: who calls, without a proof, and what he will speak. */
export function greeting(user: string, clientId: Uint8Array): Buffer {
  const head = Buffer.from([...Buffer.from('hrpc'), version, 0, withoutSasl])
  const context = encodeMessage([2, encodeMessage([1, user])], [3, protocol])
  return Buffer.concat([head, framed([header({ clientId, id: contextId, retry: -1 }), context])])
}

export function callFrame({ method, request, ...call }: Call): Buffer {
  const what = encodeMessage([1, method], [2, protocol], [3, 1])
  return framed([header(call), what, request])
}

/** What stands in a frame, without its length. Throws `BadWire`. */
export function replyIn(frame: Uint8Array): Reply {
  const { message: head, rest } = undelimited(frame)
  const id = head.number(1)
  if (head.number(2) === 0) return { id, answer: undelimited(rest).message }
  const [message = ''] = head.text(5).split('\n')
  return { id, thrown: { exception: head.text(4), message } }
}

function header({ clientId, id, retry }: Pick<Call, 'clientId' | 'id' | 'retry'>): Buffer {
  const protobuf = 2
  return encodeMessage([1, protobuf], [2, 0], [3, zigzag(id)], [4, clientId], [5, zigzag(retry)])
}

function framed(messages: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(messages.map(delimited))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  return Buffer.concat([length, body])
}
