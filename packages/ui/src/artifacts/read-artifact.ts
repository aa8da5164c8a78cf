import { refused } from '../http/api.ts'
import { type Preview, previewOf } from './preview-of.ts'

export interface ArtifactPreview {
  readonly preview: Preview
  /** More than this was not read. */
  readonly isCut: boolean
}

const mostBytes = 1024 * 1024

/** Reads the beginning of an artifact, unpacked where it is gzipped, as all are by default. */
export async function readArtifact(href: string, signal: AbortSignal): Promise<ArtifactPreview> {
  const response = await fetch(href, { signal })
  if (!response.ok || !response.body) throw refused(response.status, await response.text())
  const name = /filename="([^"]*)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1]
  const packed = /\.(tgz|gz)$/.test(name ?? '')
  const body = packed ? response.body.pipeThrough(new DecompressionStream('gzip')) : response.body
  const { bytes, isCut } = await beginning(body)
  const plainName = (name ?? '').replace(/\.gz$/, '')
  return { preview: previewOf({ name: plainName, bytes, isCut }), isCut }
}

async function beginning(body: ReadableStream<Uint8Array>) {
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  let isCut = false
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    chunks.push(value)
    length += value.length
    isCut = length > mostBytes
    if (isCut) {
      void reader.cancel().catch(() => undefined)
      break
    }
  }
  const bytes = new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer())
  return { bytes: bytes.subarray(0, mostBytes), isCut }
}
