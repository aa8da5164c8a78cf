import { Readable, Writable } from 'node:stream'
import type { WebSocket } from 'ws'
import type { TerminalSize } from '../node/runtime.ts'
import { type ChannelProtocol, channels, message, parseMessage } from './channel-protocol.ts'
import type { CommandEnd } from './command-end.ts'
import { type CommandOptions, type RemoteCommand, sizeOf } from './remote-command.ts'
import { bytesOf, Inlet, send } from './web-socket.ts'

/** A client of exec or attach behind a WebSocket. */
export function webSocketCommand(
  socket: WebSocket,
  protocol: ChannelProtocol,
  asked: CommandOptions,
): RemoteCommand {
  const left = new AbortController()
  const stdin = new Readable({ read: () => socket.resume(), highWaterMark: 256 * 1024 })
  stdin.on('error', () => undefined)
  const inlet = new Inlet(socket, stdin)
  if (!asked.stdin) inlet.end()
  const sizes: TerminalSize[] = []
  let hear = (size: TerminalSize) => {
    sizes.push(size)
  }
  const tell = (channel: number, data: Buffer) =>
    send(socket, message(channel, data, protocol), protocol.isText)

  socket.on('message', (raw) => {
    const heard = parseMessage(bytesOf(raw), protocol)
    if (heard?.channel === channels.stdin) inlet.take(heard)
    if (heard?.type !== 'data' || heard.channel !== channels.resize) return
    const size = sizeOf(heard.data.toString())
    if (size) hear(size)
  })
  socket.on('close', () => {
    left.abort()
    stdin.destroy()
  })

  const stdout = output(asked.stdout ? (data) => tell(channels.stdout, data) : undefined)
  const stderr = output(asked.stderr ? (data) => tell(channels.stderr, data) : undefined)

  return {
    ...{ stdin, stdout, stderr },
    gone: left.signal,
    onSize(listener) {
      hear = listener
      for (const size of sizes.splice(0)) listener(size)
    },
    async end(how: CommandEnd) {
      // What has been handed to them may be waiting for its turn still: clients hear nothing that comes later than this.
      await Promise.all([sent(stdout), sent(stderr)])
      await tell(channels.error, Buffer.from(JSON.stringify(how))).catch(() => undefined)
      socket.resume()
      socket.close(1000)
    },
  }
}

/** Everything, or nobody is there to read it. */
function sent(stream: Writable): Promise<void> {
  return new Promise((done) => stream.end(() => done()))
}

function output(tell: ((data: Buffer) => Promise<void>) | undefined): Writable {
  const writable = new Writable({
    write(chunk: Buffer, _, done) {
      if (tell) tell(chunk).then(() => done(), done)
      else done()
    },
  })
  return writable.on('error', () => undefined)
}
