import { csvRows } from './csv.ts'
import { untar } from './untar.ts'

/** How the beginning of an artifact can be shown. */
export type Preview =
  | { readonly kind: 'text' | 'json' | 'html'; readonly text: string }
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'image'; readonly type: string; readonly bytes: Uint8Array }
  | { readonly kind: 'files'; readonly files: readonly { name: string; size: number }[] }
  | { readonly kind: 'binary' }

const images: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
}
const mostRows = 200
const mostFiles = 500

interface Content {
  readonly name: string
  readonly bytes: Uint8Array
  /** There is more than these bytes. */
  readonly isCut: boolean
}

/** By what it is called, and by what is in it. An archive of one file is that file. */
export function previewOf({ name, bytes, isCut }: Content): Preview {
  const entries = untar(bytes)
  if (entries) {
    const files = entries.filter(({ kind }) => kind !== 'directory')
    const [only] = files
    if (only?.kind === 'file' && files.length === 1 && entries.length === 1) {
      const { content, size } = only
      return previewOf({ name: only.name, bytes: content, isCut: content.length < size })
    }
    return { kind: 'files', files: files.slice(0, mostFiles) }
  }
  const extension = /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  const type = images[extension]
  if (type !== undefined) return isCut ? { kind: 'binary' } : { kind: 'image', type, bytes }
  const text = textOf(bytes, isCut)
  return text === undefined ? { kind: 'binary' } : ofText(text, extension, isCut)
}

function ofText(text: string, extension: string, isCut: boolean): Preview {
  if (extension === 'html' || extension === 'htm') return { kind: 'html', text }
  if (extension === 'csv') return { kind: 'table', rows: csvRows(text, ',', mostRows) }
  if (extension === 'tsv') return { kind: 'table', rows: csvRows(text, '\t', mostRows) }
  const looksLikeJson = extension === 'json' || /^\s*[[{]/.test(text)
  const json = looksLikeJson && !isCut ? asJson(text) : undefined
  return json === undefined ? { kind: 'text', text } : { kind: 'json', text: json }
}

/** Undefined when it is none: a NUL, or bytes that are no UTF-8; a character may be cut in two at the end. */
function textOf(bytes: Uint8Array, isCut: boolean): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut })
  } catch {
    return undefined
  }
}

function asJson(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return undefined
  }
}
