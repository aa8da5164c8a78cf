import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { delimited, encodeMessage, type Message, zigzag } from '@argosy/kube/protobuf'
import { checksumIn, checksumMessage, packetBytes, readPacket } from './packets.ts'
import { Wire } from './wire.ts'

/** What goes wrong at a data node: it refuses, it sends or says wrong sums, it is gone after its first packet. */
export type Fault = 'refuses' | 'lies' | 'goes'

const patience = { timeoutMs: 60_000, pausesMs: [], signal: undefined }
const checksum = { type: 2, bytesPerChecksum: 512 }
const packetData = 8 * 512

/** Data nodes that keep blocks in memory, all of them the same ones. */
export class StandInBlocks implements AsyncDisposable {
  readonly kept = new Map<bigint, Buffer>()
  readonly faults = new Map<number, Fault>()
  readonly asked: number[] = []
  /** Connections that nobody has closed yet. */
  open = 0
  readonly #servers: readonly Server[]

  private constructor(servers: readonly Server[]) {
    this.#servers = servers
  }

  static async open(count: number): Promise<StandInBlocks> {
    const servers = Array.from({ length: count }, () => createServer())
    const blocks = new StandInBlocks(servers)
    for (const server of servers) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      server.on('connection', (socket) => {
        blocks.open += 1
        socket.on('close', () => {
          blocks.open -= 1
        })
        blocks.#serve(socket).catch(() => {})
      })
    }
    return blocks
  }

  get ports(): readonly number[] {
    return this.#servers.map((server) => (server.address() as AddressInfo).port)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) server.close()
  }

  async #serve(socket: Socket): Promise<void> {
    const wire = Wire.over(socket, patience)
    const port = socket.localPort ?? 0
    this.asked.push(port)
    const fault = this.faults.get(port)
    const operation = (await wire.read(3))[2]
    const request = await wire.message()
    if (fault === 'refuses') {
      await wire.writeMessage(encodeMessage([1, 1], [5, 'no room']))
    } else if (operation === 81) await this.#send(wire, request, fault)
    else await this.#receive(wire, request, fault)
    wire.close()
  }

  async #send(wire: Wire, request: Message, fault: Fault | undefined): Promise<void> {
    const block = this.kept.get(idIn(request)) ?? Buffer.alloc(0)
    const from = Math.floor(request.number(2) / 512) * 512
    const info = encodeMessage([1, checksumMessage(checksum)], [2, from])
    await wire.writeMessage(encodeMessage([1, 0], [4, info]))
    let seqno = 0
    for (let offset = from; offset < block.length; offset += packetData, seqno++) {
      const data = block.subarray(offset, offset + packetData)
      const bytes = packetBytes({ seqno, offset, last: false, data }, checksum)
      if (fault === 'lies' && seqno === 1) bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
      if (fault === 'goes' && seqno === 1) return
      await wire.write(bytes)
    }
    const end = { seqno, offset: block.length, last: true, data: Buffer.alloc(0) }
    await wire.write(packetBytes(end, checksum))
    await wire.message()
  }

  async #receive(wire: Wire, request: Message, fault: Fault | undefined): Promise<void> {
    const sums = checksumIn(request.message(9) ?? request)
    await wire.writeMessage(encodeMessage([1, 0]))
    const parts: Uint8Array[] = []
    for (;;) {
      const { seqno, data, last } = await readPacket((length) => wire.read(length), sums)
      if (fault === 'goes') return
      parts.push(data)
      if (last) this.kept.set(idIn(request), Buffer.concat(parts))
      const status = fault === 'lies' ? 2 : 0
      await wire.write(delimited(encodeMessage([1, zigzag(seqno)], [2, status])))
      if (last || status !== 0) return
    }
  }
}

function idIn(request: Message): bigint {
  return request.message(1)?.message(1)?.message(1)?.big(2) ?? 0n
}
