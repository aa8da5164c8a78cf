import { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { type ChannelProtocol, message, parseMessage } from './channel-protocol.ts'
import { type ForwardTarget, forward } from './forward.ts'
import { bytesOf, Inlet, send } from './web-socket.ts'

/**
 * Port-forward as clients other than kubectl do it: for the i-th port, channel 2i carries data and 2i + 1 an error, and
 * both begin with the port.
 */
export async function webSocketForward(
  socket: WebSocket,
  protocol: ChannelProtocol,
  { ports, target }: { readonly ports: readonly number[]; readonly target: ForwardTarget },
): Promise<void> {
  const tell = (channel: number, data: Buffer) =>
    send(socket, message(channel, data, protocol), protocol.isText)
  const inlets: Inlet[] = []
  const streams = ports.map((_, index) =>
    dataOf(
      socket,
      (data) => tell(2 * index, data),
      () => inlets[index]?.end(),
    ),
  )
  inlets.push(...streams.map((stream) => new Inlet(socket, stream)))
  socket.on('message', (raw) => {
    const heard = parseMessage(bytesOf(raw), protocol)
    if (heard) inlets[heard.channel / 2]?.take(heard)
  })
  socket.on('close', () => {
    for (const stream of streams) stream.destroy()
  })
  const each = ports.map(async (port, index) => {
    const [stream, name] = [streams[index], portBytes(port)]
    await Promise.all([tell(2 * index, name), tell(2 * index + 1, name)])
    const wrong = stream && (await forward(stream, port, target))
    if (wrong) await tell(2 * index + 1, Buffer.from(wrong))
  })
  await Promise.all(each).catch(() => undefined)
  socket.resume()
  socket.close(1000)
}

function dataOf(
  socket: WebSocket,
  tell: (data: Buffer) => Promise<void>,
  ended: () => void,
): Duplex {
  const stream = new Duplex({
    read: () => socket.resume(),
    write(chunk: Buffer, _, done) {
      tell(chunk).then(() => done(), done)
    },
    // There is no word for the end of one direction: what the pod has closed ends the whole stream.
    final(done) {
      ended()
      done()
    },
  })
  return stream.on('error', () => undefined)
}

function portBytes(port: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(port)
  return bytes
}
