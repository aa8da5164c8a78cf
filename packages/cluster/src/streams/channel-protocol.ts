/** How streams share a WebSocket: each message begins with its channel. */
export interface ChannelProtocol {
  readonly name: string
  /** Whether text carries the bytes: the channel is a digit then, and the rest base64. */
  readonly isText: boolean
  /** Whether channel 255 says that a channel has ended. */
  readonly hasClose: boolean
}

/** Best first. */
export const commandProtocols: readonly ChannelProtocol[] = [
  { name: 'v5.channel.k8s.io', isText: false, hasClose: true },
  { name: 'v4.channel.k8s.io', isText: false, hasClose: false },
  { name: 'v4.base64.channel.k8s.io', isText: true, hasClose: false },
]

export const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const

const closeChannel = 255

export type ChannelMessage =
  | { readonly type: 'data'; readonly channel: number; readonly data: Buffer }
  | { readonly type: 'close'; readonly channel: number }

/** The first that the client names and the server knows. */
export function protocolOf(
  asked: string | undefined,
  known: readonly ChannelProtocol[],
): ChannelProtocol | undefined {
  const names = (asked ?? '').split(',').map((name) => name.trim())
  const chosen = names.find((name) => known.some((one) => one.name === name))
  return known.find(({ name }) => name === chosen)
}

/** Undefined when it is no message of this protocol. */
export function parseMessage(bytes: Buffer, protocol: ChannelProtocol): ChannelMessage | undefined {
  const [first] = bytes
  if (first === undefined) return undefined
  if (protocol.isText) {
    const channel = first - 0x30
    if (channel < 0 || channel > 9) return undefined
    return { type: 'data', channel, data: Buffer.from(bytes.toString('latin1', 1), 'base64') }
  }
  if (first !== closeChannel) return { type: 'data', channel: first, data: bytes.subarray(1) }
  const [, channel] = bytes
  return protocol.hasClose && channel !== undefined ? { type: 'close', channel } : undefined
}

/** A message as it is sent; text protocols send the bytes as text. */
export function message(channel: number, data: Buffer, protocol: ChannelProtocol): Buffer {
  if (protocol.isText) return Buffer.from(`${channel}${data.toString('base64')}`)
  return Buffer.concat([Buffer.from([channel]), data])
}
