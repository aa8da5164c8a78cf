import {
  type Answer,
  AUTHORITATIVE_ANSWER,
  decode,
  encode,
  type Packet,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
} from 'dns-packet'
import { clusterDomain, ttl, type Zone } from './zone.ts'

/** What becomes of a message. */
export type Response =
  | { readonly do: 'answer'; readonly message: Buffer }
  /** Others know: the message goes to them as it is. */
  | { readonly do: 'forward' }
  /** Others know the rest of the answer. */
  | { readonly do: 'complete'; readonly target: string; readonly with: (rest: Packet) => Buffer }
  /** It is no question: whoever sent it gets nothing. */
  | { readonly do: 'ignore' }

const headerBytes = 12
const codes = { none: 0, format: 1, server: 2, name: 3, notImplemented: 4 } as const

/** What is said to a message, over UDP in as many bytes as the asker takes. Never throws. */
export function respond(message: Buffer, zone: Zone, isUdp: boolean): Response {
  if (message.length < headerBytes || (message[2] ?? 0) & 0x80) return { do: 'ignore' }
  if (((message[2] ?? 0) >> 3) & 0x0f) return failure(message, codes.notImplemented)
  const packet = decoded(message)
  const [question, ...more] = packet?.questions ?? []
  if (!packet || !question || more.length > 0) return failure(message, codes.format)
  const said = zone.ask(question)
  if (said.is === 'elsewhere') return { do: 'forward' }
  const reply = replyTo(packet, isUdp ? udpBytes(packet) : 65_535)
  if (said.is === 'unknown') return { do: 'answer', message: reply({ code: codes.name }) }
  if (said.is === 'known') return { do: 'answer', message: reply(said) }
  const { target, answers } = said
  return {
    ...{ do: 'complete', target },
    with: (rest) => reply({ answers: [...answers, ...(rest.answers ?? [])] }),
  }
}

/** For when nobody answers. */
export function serverFailure(message: Buffer): Buffer {
  const packet = decoded(message)
  if (!packet) return shortReply(message, codes.server)
  const { id = 0, flags = 0, questions = [] } = packet
  const shared = RECURSION_AVAILABLE | (flags & RECURSION_DESIRED) | codes.server
  return encode({ type: 'response', id, flags: shared, questions })
}

function failure(message: Buffer, code: number): Response {
  return { do: 'answer', message: shortReply(message, code) }
}

/** A header alone: what else was in the message may not be readable. */
function shortReply(message: Buffer, code: number): Buffer {
  const reply = Buffer.alloc(headerBytes)
  message.copy(reply, 0, 0, 2)
  const isDesired = (message[2] ?? 0) & 0x01
  const opcode = (message[2] ?? 0) & 0x78
  reply.writeUInt8(0x80 | opcode | isDesired, 2)
  reply.writeUInt8(0x80 | code, 3)
  return reply
}

function decoded(message: Buffer): Packet | undefined {
  try {
    return decode(message)
  } catch {
    return undefined
  }
}

function udpBytes({ additionals = [] }: Packet): number {
  const option = additionals.find(({ type }) => type === 'OPT')
  const size = option && 'udpPayloadSize' in option ? option.udpPayloadSize : 0
  return Math.max(512, Math.min(size, 4096))
}

interface Content {
  readonly code?: number
  readonly answers?: readonly Answer[]
  readonly also?: readonly Answer[]
}

function replyTo({ id = 0, flags = 0, questions = [], additionals = [] }: Packet, most: number) {
  const isExtended = additionals.some(({ type }) => type === 'OPT')
  const option = {
    type: 'OPT',
    name: '.',
    udpPayloadSize: 4096,
    flags: 0,
    options: [],
  } as unknown as Answer
  return ({ code = codes.none, answers = [], also = [] }: Content): Buffer => {
    const shared = AUTHORITATIVE_ANSWER | RECURSION_AVAILABLE | (flags & RECURSION_DESIRED) | code
    const made = (answered: readonly Answer[], beside: readonly Answer[], more: number) =>
      encode({
        ...{ type: 'response', id, flags: shared | more, questions },
        answers: [...answered],
        authorities: answered.length === 0 ? [authority] : [],
        additionals: [...beside, ...(isExtended ? [option] : [])],
      })
    const whole = made(answers, also, 0)
    if (whole.length <= most) return whole
    const bare = made(answers, [], 0)
    return bare.length <= most ? bare : made([], [], TRUNCATED_RESPONSE)
  }
}

/** Who may say that there is nothing, and for how long that holds. */
const authority: Answer = {
  ...{ name: clusterDomain, type: 'SOA', ttl },
  data: {
    ...{ mname: `ns.dns.${clusterDomain}`, rname: `hostmaster.${clusterDomain}`, serial: 1 },
    ...{ refresh: 7200, retry: 1800, expire: 86_400, minimum: ttl },
  },
}
