import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Workflow } from '@argosy/engine'

/** To compress what is smaller costs more than all the rest of keeping it. */
const small = 2048

/** A workflow as bytes. */
export function packed(workflow: Workflow): Buffer {
  const text = Buffer.from(JSON.stringify(workflow))
  return text.length < small ? text : zstdCompressSync(text)
}

const brace = 0x7b

/** The JSON of it: that begins with a brace, and nothing that is compressed does. */
export function unpackedText(bytes: unknown): string {
  if (!(bytes instanceof Uint8Array)) throw new Error('an archived workflow has no bytes')
  const text = bytes[0] === brace ? bytes : zstdDecompressSync(bytes)
  return Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString()
}

export function unpacked(bytes: unknown): Workflow {
  return JSON.parse(unpackedText(bytes)) as Workflow
}
