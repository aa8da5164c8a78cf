import { useEffect, useState } from 'react'
import type { Preview } from '../../artifacts/preview-of.ts'
import { type ArtifactPreview as Read, readArtifact } from '../../artifacts/read-artifact.ts'
import { ScrollText } from '../../parts/scroll-text.tsx'

interface ArtifactPreviewProps {
  readonly name: string
  readonly href: string
}

/** The beginning of an artifact, as what it is. */
export function ArtifactPreview({ name, href }: ArtifactPreviewProps) {
  const [read, setRead] = useState<Read>()
  const [error, setError] = useState<string>()
  useEffect(() => {
    const stop = new AbortController()
    readArtifact(href, stop.signal).then(setRead, (failure: Error) => {
      if (!stop.signal.aborted) setError(failure.message)
    })
    return () => stop.abort()
  }, [href])
  if (error !== undefined) return <p className="notice">It could not be read: {error}</p>
  if (!read)
    return (
      <p className="quiet" aria-busy="true">
        Reading…
      </p>
    )
  return (
    <div className="stack tight">
      <Content preview={read.preview} name={name} />
      {read.isCut && <p className="quiet">This is the first megabyte; download it for the rest.</p>}
    </div>
  )
}

function Content({ preview, name }: { readonly preview: Preview; readonly name: string }) {
  switch (preview.kind) {
    case 'text':
    case 'json':
      if (preview.text === '') return <p className="quiet">It is empty.</p>
      return (
        <ScrollText look="value preview" label={`Contents of ${name}`}>
          {preview.text}
        </ScrollText>
      )
    case 'html':
      // Without scripts and without our origin: a stranger's page.
      return (
        <iframe
          className="preview-page"
          title={`Contents of ${name}`}
          sandbox=""
          srcDoc={preview.text}
        />
      )
    case 'image':
      return <img className="preview-image" src={dataUrl(preview)} alt={name} />
    case 'table':
      return <Rows rows={preview.rows} name={name} />
    case 'files':
      return <Rows rows={[['File', 'Bytes'], ...preview.files.map(line)]} name={name} />
    case 'binary':
      return <p className="quiet">It is no text that could be shown here; download it.</p>
  }
}

function line({ name, size }: { readonly name: string; readonly size: number }) {
  return [name, size.toLocaleString('en')]
}

/** The first row is taken for the names of the columns. */
function Rows({
  rows,
  name,
}: {
  readonly rows: readonly (readonly string[])[]
  readonly name: string
}) {
  const [head = [], ...rest] = rows
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="preview-table" aria-label={`Contents of ${name}`} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {placed(head).map(({ place, value }) => (
              <th key={place} scope="col">
                {value}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {placed(rest).map(({ place, value: row }) => (
            <tr key={place}>
              {placed(row).map(({ place: column, value }) => (
                <td key={column}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** Cells are told apart by where they are, and by nothing else. */
function placed<T>(items: readonly T[]): readonly { readonly place: number; readonly value: T }[] {
  return items.map((value, place) => ({ place, value }))
}

/** Blobs are not among what the page's own policy lets images come from. */
function dataUrl({ type, bytes }: { readonly type: string; readonly bytes: Uint8Array }): string {
  const part = 0x8000
  let binary = ''
  for (let at = 0; at < bytes.length; at += part) {
    binary += String.fromCharCode(...bytes.subarray(at, at + part))
  }
  return `data:${type};base64,${btoa(binary)}`
}
