import { useState } from 'react'
import type { Shape } from '../graph/fold.ts'
import { Icon } from './icon.tsx'
import type { ViewTools } from './use-pan-zoom.ts'

interface GraphToolsProps {
  readonly noun: string
  readonly tools: ViewTools
  readonly shapes: readonly Shape[]
  readonly find: (id: string) => void
}

/** Closer, further, all of it; and a way to a box by its name. */
export function GraphTools({ tools, shapes, find, noun }: GraphToolsProps) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const search = () => {
    const word = text.trim().toLowerCase()
    const hits = shapes.filter(({ label, id }) =>
      [label, id].some((one) => one.toLowerCase().includes(word)),
    )
    const hit = hits[at % Math.max(1, hits.length)]
    if (word === '' || !hit) return
    setAt(at + 1)
    find(hit.id)
  }
  return (
    <div className="graph-tools" role="toolbar" aria-label="Graph tools">
      <input
        className="input"
        type="search"
        aria-label={`Find a ${noun}`}
        placeholder={`Find a ${noun}`}
        value={text}
        onChange={({ target }) => {
          setText(target.value)
          setAt(0)
        }}
        onKeyDown={({ key }) => key === 'Enter' && search()}
      />
      <button type="button" className="button" aria-label="Closer" onClick={tools.closer}>
        <Icon name="plus" />
      </button>
      <button type="button" className="button" aria-label="Further" onClick={tools.further}>
        <Icon name="minus" />
      </button>
      <button type="button" className="button" aria-label="All of it" onClick={tools.whole}>
        <Icon name="fit" />
      </button>
    </div>
  )
}
