import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { readFramed } from './framed.ts'

/** Where questions go that are none of the cluster's. */
export interface Upstream {
  /** Undefined when nobody answers. */
  ask(message: Buffer, protocol: 'udp' | 'tcp'): Promise<Buffer | undefined>
}

/** Of one server; then the next one is asked. */
const waitMs = 2000
/** Beyond that a question is not passed on: somebody asks in a loop. */
const mostAtOnce = 500
const dnsPort = 53

/** Asks one name server after the other. */
export function upstreamOf(servers: () => readonly string[], port = dnsPort): Upstream {
  let atOnce = 0
  return {
    async ask(message, protocol) {
      if (atOnce >= mostAtOnce) return undefined
      atOnce++
      try {
        for (const host of servers()) {
          const answer = await (protocol === 'udp' ? overUdp : overTcp)(message, { host, port })
          if (answer) return answer
        }
        return undefined
      } finally {
        atOnce--
      }
    },
  }
}

interface Server {
  readonly host: string
  readonly port: number
}

function overUdp(message: Buffer, { host, port }: Server): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    let isOver = false
    const end = (answer?: Buffer) => {
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      socket.close()
      resolve(answer)
    }
    const timer = setTimeout(end, waitMs)
    socket.on('error', () => end())
    socket.on('message', (answer) => {
      if (answer.length >= 2 && answer.readUInt16BE() === message.readUInt16BE()) end(answer)
    })
    // Connected: nobody else's datagrams are heard.
    socket.connect(port, host, (error?: Error) => {
      if (error) end()
      else if (!isOver) socket.send(message)
    })
  })
}

function overTcp(message: Buffer, { host, port }: Server): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: waitMs })
    const end = (answer?: Buffer) => {
      socket.destroy()
      resolve(answer)
    }
    readFramed(socket, end)
    socket.on('timeout', () => end())
    socket.on('error', () => end())
    socket.on('close', () => end())
    const length = Buffer.alloc(2)
    length.writeUInt16BE(message.length)
    socket.write(Buffer.concat([length, message]))
  })
}
