const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export function toBase32(bytes: Uint8Array): string {
  let bits = ''
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0')
  const digits = bits.match(/.{1,5}/g) ?? []
  const text = digits.map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=')
}

/** Bytes, or the offset of the first bad character. */
export function fromBase32(source: string): Uint8Array | number {
  const text = source.replace(/[\r\n]/g, '')
  const body = text.replace(/=+$/, '')
  const bad = /[^A-Z2-7]/.exec(body)
  if (bad) return bad.index
  const wellPadded = text.length % 8 === 0 && ![1, 3, 6].includes(body.length % 8)
  if (!wellPadded || text.length - body.length > 6) return body.length
  let bits = ''
  for (const char of body) bits += alphabet.indexOf(char).toString(2).padStart(5, '0')
  const bytes = bits.match(/.{8}/g) ?? []
  return Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 2))
}
