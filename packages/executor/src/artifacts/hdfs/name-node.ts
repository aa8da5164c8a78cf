import { randomUUID } from 'node:crypto'
import { StatusError } from '@argosy/kube'
import type { Message } from '@argosy/kube/protobuf'
import { nameOfAddress } from './blocks.ts'
import { callFrame, greeting, replyIn, type Thrown } from './rpc.ts'
import { HadoopError, isElsewhere, reasonOf } from './thrown.ts'
import { type Address, type Patience, Wire } from './wire.ts'

export interface NameNodes {
  /** One of them is active; the others send callers away. */
  readonly addresses: readonly Address[]
  readonly user: string
  /** How the bytes of files must be protected on their way, in Hadoop's words; undefined: as the cluster has it. */
  readonly protection: string | undefined
}

/** What is called, and about what: for errors. */
interface Question {
  readonly method: string
  readonly about: string
  readonly request: Uint8Array
}

/**
 * Calls to whichever name node is active.
 *
 * 1. One call at a time; the connection is kept for the next one.
 * 2. A call that a name node did not answer, or that a standby sent away, goes to the next address under the same id: a name
 *    node does it once, however often it hears of it.
 * 3. Every address is tried once for a call, and the one of a connection that had grown old once more.
 */
export class NameNode {
  /** Who holds what is being written. */
  readonly clientName: string
  readonly #nodes: NameNodes
  readonly #patience: Patience
  readonly #clientId: Buffer
  #calls = 0
  #at = 0
  #wire: Wire | undefined
  #before: Promise<unknown> = Promise.resolve()

  constructor(nodes: NameNodes, patience: Patience) {
    const uuid = randomUUID()
    this.clientName = `argosy-${uuid}`
    this.#clientId = Buffer.from(uuid.replaceAll('-', ''), 'hex')
    this.#nodes = nodes
    this.#patience = patience
  }

  call(method: string, about: string, request: Uint8Array): Promise<Message> {
    const answer = this.#before.then(() => this.#ask({ method, about, request }))
    this.#before = answer.catch(() => undefined)
    return answer
  }

  close(): void {
    this.#wire?.close()
  }

  async #ask(question: Question): Promise<Message> {
    const id = this.#calls++
    const failures: string[] = []
    const most = this.#nodes.addresses.length + (this.#wire ? 1 : 0)
    for (let retry = 0; retry < most; retry++) {
      const address = this.#address()
      const reply = await this.#once(question, { id, retry }).catch((error: Error) => {
        this.#patience.signal?.throwIfAborted()
        return error
      })
      if (!(reply instanceof Error) && 'answer' in reply) return reply.answer
      if (!(reply instanceof Error) && !isElsewhere(reply.thrown)) {
        throw refusal(question, address, reply.thrown)
      }
      const why = reply instanceof Error ? reply.message : reply.thrown.message
      failures.push(`${nameOfAddress(address)}: ${why}`)
      this.#next()
    }
    const words = `hdfs: ${question.method} ${question.about}: no name node answers (${failures.join('; ')})`
    throw new StatusError('ServiceUnavailable', words)
  }

  async #once({ method, request }: Question, { id, retry }: { id: number; retry: number }) {
    const wire = await this.#connection()
    await wire.write(callFrame({ clientId: this.#clientId, id, retry, method, request }))
    const length = (await wire.read(4)).readUInt32BE()
    const reply = replyIn(await wire.read(length))
    // A refusal of the connection itself has another id.
    if ('thrown' in reply || reply.id === id) return reply
    throw new Error(`an answer to another call (${reply.id} instead of ${id})`)
  }

  async #connection(): Promise<Wire> {
    if (this.#wire?.isOpen) return this.#wire
    const wire = await Wire.open(this.#address(), this.#patience)
    this.#wire = wire
    await wire.write(greeting(this.#nodes.user, this.#clientId))
    return wire
  }

  #address(): Address {
    const { addresses } = this.#nodes
    const address = addresses[this.#at % addresses.length]
    if (address) return address
    throw new StatusError('Invalid', 'hdfs.addresses is missing')
  }

  #next(): void {
    this.#wire?.close()
    this.#wire = undefined
    this.#at += 1
  }
}

function refusal({ method, about }: Question, address: Address, thrown: Thrown): StatusError {
  const words = `hdfs: ${method} ${about} at ${nameOfAddress(address)}: ${thrown.message || thrown.exception}`
  return new StatusError(reasonOf(thrown), words, { cause: new HadoopError(thrown) })
}
