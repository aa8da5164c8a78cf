import { useEffect, useMemo, useRef, useState } from 'react'
import { withoutControl } from '../format/ansi.ts'
import { Icon } from './icon.tsx'
import { LogLine } from './log-line.tsx'
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
  const clean = useClean(lines)
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
              <LogLine line={lines[index] ?? ''} clean={line} text={text} />
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

/** The texts alone; of a log that grows only what is new is gone through. */
function useClean(lines: readonly string[]): readonly string[] {
  const known = useRef<{ lines: readonly string[]; clean: readonly string[] }>(nothing)
  return useMemo(() => {
    const { lines: before, clean } = known.current
    const last = before.length - 1
    const grows = last >= 0 && before[0] === lines[0] && before[last] === lines[last]
    const kept = grows ? clean : []
    const now = [...kept, ...lines.slice(kept.length).map(withoutControl)]
    known.current = { lines, clean: now }
    return now
  }, [lines])
}

const nothing = { lines: [], clean: [] }

export function findLines(lines: readonly string[], text: string): readonly number[] {
  const word = text.toLowerCase()
  if (word === '') return []
  return lines.flatMap((line, index) => (line.toLowerCase().includes(word) ? [index] : []))
}

function save(name: string, lines: readonly string[]): void {
  const url = URL.createObjectURL(new Blob([`${lines.join('\n')}\n`], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
