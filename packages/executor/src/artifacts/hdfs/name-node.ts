import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
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
 * 3. Every address is tried once for a call, and the one of a connection that had grown old once more. While one of them
 *    is a standby, an active one is being made: after a pause all are asked again.
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
  #isClosed = false
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

  /** For good: a call that is under way fails, and asks nobody else. */
  close(): void {
    this.#isClosed = true
    this.#wire?.close()
  }

  async #ask(question: Question): Promise<Message> {
    const { signal, pausesMs } = this.#patience
    const call = { id: this.#calls++, retry: 0 }
    for (let round = 0; ; round++) {
      const { answer, failures } = await this.#round(question, call)
      if (answer) return answer
      const pauseMs = pausesMs[round]
      const isFailingOver = failures.some(({ isStandby }) => isStandby)
      if (pauseMs === undefined || !isFailingOver) throw unanswered(question, failures)
      await sleep(pauseMs, undefined, { ...(signal && { signal }) })
    }
  }

  /** Asks one after the other, until one answers. */
  async #round(question: Question, call: { readonly id: number; retry: number }): Promise<Told> {
    const failures: Failure[] = []
    const most = this.#nodes.addresses.length + (this.#wire ? 1 : 0)
    for (let turn = 0; turn < most && !this.#isClosed; turn++) {
      const address = this.#address()
      const reply = await this.#once(question, call).catch((error: Error) => error)
      this.#patience.signal?.throwIfAborted()
      call.retry += 1
      if (reply instanceof Error) {
        failures.push({ address, why: reply.message, isStandby: false })
      } else if ('answer' in reply) {
        return { answer: reply.answer, failures }
      } else if (isElsewhere(reply.thrown)) {
        failures.push({ address, why: reply.thrown.message, isStandby: true })
      } else throw refusal(question, address, reply.thrown)
      this.#next()
    }
    return { failures }
  }

  async #once({ method, request }: Question, { id, retry }: { id: number; retry: number }) {
    const wire = await this.#connection()
    await wire.write(callFrame({ clientId: this.#clientId, id, retry, method, request }))
    const reply = replyIn(await wire.frame())
    // A refusal of the connection itself has another id.
    if ('thrown' in reply || reply.id === id) return reply
    throw new Error(`an answer to another call (${reply.id} instead of ${id})`)
  }

  async #connection(): Promise<Wire> {
    if (this.#wire?.isOpen) return this.#wire
    const wire = await Wire.open(this.#address(), this.#patience)
    this.#wire = wire
    if (this.#isClosed) wire.close()
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

interface Told {
  readonly answer?: Message
  readonly failures: readonly Failure[]
}

interface Failure {
  readonly address: Address
  readonly why: string
  /** It is there, and will know who is active. */
  readonly isStandby: boolean
}

function unanswered({ method, about }: Question, failures: readonly Failure[]): StatusError {
  const whys = failures.map(({ address, why }) => `${nameOfAddress(address)}: ${why}`)
  const words = `hdfs: ${method} ${about}: no name node answers (${whys.join('; ')})`
  return new StatusError('ServiceUnavailable', words)
}

function refusal({ method, about }: Question, address: Address, thrown: Thrown): StatusError {
  const words = `hdfs: ${method} ${about} at ${nameOfAddress(address)}: ${thrown.message || thrown.exception}`
  return new StatusError(reasonOf(thrown), words, { cause: new HadoopError(thrown) })
}
