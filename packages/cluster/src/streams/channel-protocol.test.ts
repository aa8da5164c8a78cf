import { describe, expect, it } from 'vitest'
import {
  type ChannelProtocol,
  commandProtocols,
  message,
  parseMessage,
  protocolOf,
} from './channel-protocol.ts'

const [v5, v4, base64] = commandProtocols as readonly [
  ChannelProtocol,
  ChannelProtocol,
  ChannelProtocol,
]
const hex = (text: string) => Buffer.from(text, 'hex')

describe('channels on a WebSocket', () => {
  it('the first protocol that the client names and the server knows is spoken', () => {
    expect(protocolOf('v5.channel.k8s.io', commandProtocols)).toBe(v5)
    expect(
      protocolOf('v9.channel.k8s.io, v4.channel.k8s.io,v5.channel.k8s.io', commandProtocols),
    ).toBe(v4)
    expect(protocolOf('v4.base64.channel.k8s.io', commandProtocols)).toBe(base64)
    expect(protocolOf('channel.k8s.io', commandProtocols)).toBeUndefined()
    expect(protocolOf(undefined, commandProtocols)).toBeUndefined()
  })

  it('a message is its channel and the bytes', () => {
    expect(message(1, Buffer.from('hi'), v5).toString('hex')).toBe('016869')
    expect(message(3, Buffer.alloc(0), v4).toString('hex')).toBe('03')
    expect(message(2, hex('00ff10'), base64).toString()).toBe('2AP8Q')
  })

  it('what the other side sends is read back', () => {
    expect(parseMessage(hex('006162'), v4)).toEqual({
      type: 'data',
      channel: 0,
      data: Buffer.from('ab'),
    })
    expect(parseMessage(Buffer.from('0AP8Q'), base64)).toEqual({
      type: 'data',
      channel: 0,
      data: hex('00ff10'),
    })
    expect(parseMessage(hex('04'), v5)).toEqual({ type: 'data', channel: 4, data: Buffer.alloc(0) })
  })

  it('only v5 can say that a channel has ended', () => {
    expect(parseMessage(hex('ff00'), v5)).toEqual({ type: 'close', channel: 0 })
    expect(parseMessage(hex('ff00'), v4)).toBeUndefined()
    expect(parseMessage(hex('ff'), v5)).toBeUndefined()
  })

  it('what is no message is none', () => {
    expect(parseMessage(Buffer.alloc(0), v5)).toBeUndefined()
    expect(parseMessage(Buffer.from('xQUJD'), base64)).toBeUndefined()
  })
})
