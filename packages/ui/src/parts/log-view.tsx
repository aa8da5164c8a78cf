import { useEffect, useMemo, useState } from 'react'
import { Icon } from './icon.tsx'
import { SearchField } from './search-field.tsx'
import { useVisibleRows } from './use-visible-rows.ts'
import { VirtualList } from './virtual-list.tsx'

interface LogViewProps {
  readonly lines: readonly string[]
  readonly follows: boolean
  readonly name: string
  readonly error?: string
}

const lineHeight = 18

/** A log of any length: only the lines near the screen exist. Search goes from hit to hit; the end is followed. */
export function LogView({ lines, follows, name, error }: LogViewProps) {
  const clean = useMemo(() => lines.map(withoutControl), [lines])
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const [sticks, setSticks] = useState(follows)
  const hits = useMemo(() => findLines(clean, text), [clean, text])
  const { ref, window, show, toEnd } = useVisibleRows(clean.length, lineHeight)
  const hit = hits[at % Math.max(1, hits.length)]
  // biome-ignore lint/correctness/useExhaustiveDependencies: every new line is a reason to go to the end
  useEffect(() => {
    if (sticks) toEnd()
  }, [sticks, clean.length, toEnd])
  const turn = (step: number) => {
    if (hits.length === 0) return
    const next = (at + step + hits.length) % hits.length
    setAt(next)
    setSticks(false)
    show(hits[next] ?? 0, 3 * lineHeight)
  }
  return (
    <section className="log" aria-label="Log">
      <div className="bar">
        <SearchField
          label="Search the log"
          placeholder="Search the log"
          value={text}
          change={(next) => {
            setText(next)
            setAt(-1)
          }}
          onKeyDown={({ key, shiftKey }) => key === 'Enter' && turn(shiftKey ? -1 : 1)}
        />
        <span className="quiet hits" role="status">
          {text && (hits.length === 0 ? 'no hit' : `${Math.max(0, at) + 1} of ${hits.length}`)}
        </span>
        <label className="row">
          <input
            type="checkbox"
            checked={sticks}
            onChange={({ target }) => setSticks(target.checked)}
          />
          Follow
        </label>
        <button type="button" className="button" data-look="bare" onClick={() => save(name, clean)}>
          <Icon name="down" />
          Save
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="log-lines" ref={ref} tabIndex={0} aria-label="Lines">
        <VirtualList
          items={clean}
          window={window}
          rowHeight={lineHeight}
          keyOf={(_line, index) => index}
        >
          {(line, index) => (
            <div className="log-line" data-hit={index === hit && text !== ''}>
              <span className="line-number" aria-hidden="true">
                {index + 1}
              </span>
              <Marked line={line} text={text} />
            </div>
          )}
        </VirtualList>
        {clean.length === 0 && (
          <p className="quiet log-empty">
            {error ?? (follows ? 'Waiting for its first line …' : 'It wrote nothing.')}
          </p>
        )}
      </section>
      {error && clean.length > 0 && (
        <p className="notice" data-tone="bad">
          The log broke off: {error}
        </p>
      )}
    </section>
  )
}

function Marked({ line, text }: { readonly line: string; readonly text: string }) {
  const at = text === '' ? -1 : line.toLowerCase().indexOf(text.toLowerCase())
  if (at < 0) return <span>{line}</span>
  return (
    <span>
      {line.slice(0, at)}
      <mark>{line.slice(at, at + text.length)}</mark>
      {line.slice(at + text.length)}
    </span>
  )
}

export function findLines(lines: readonly string[], text: string): readonly number[] {
  const word = text.toLowerCase()
  if (word === '') return []
  return lines.flatMap((line, index) => (line.toLowerCase().includes(word) ? [index] : []))
}

/** What a terminal would show: no escape sequences, and after a carriage return only what overwrote the line. */
export function withoutControl(line: string): string {
  const seen = line
    .replace(/\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007]*\u0007/g, '')
    .replace(/\r+$/, '')
  return seen.slice(seen.lastIndexOf('\r') + 1).replaceAll('\t', '    ')
}

function save(name: string, lines: readonly string[]): void {
  const url = URL.createObjectURL(new Blob([`${lines.join('\n')}\n`], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
