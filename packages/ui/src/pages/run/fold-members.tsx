import { useDeferredValue, useMemo, useState } from 'react'
import { nodePhase } from '../../format/phase.ts'
import { lasted } from '../../format/time.ts'
import { type Shape, tally } from '../../graph/fold.ts'
import type { Nodes } from '../../graph/owners.ts'
import { PhaseMark } from '../../parts/phase-mark.tsx'
import { useVisibleRows } from '../../parts/use-visible-rows.ts'

interface FoldMembersProps {
  readonly fold: Shape
  readonly nodes: Nodes
  readonly select: (id: string) => void
  readonly now: number
}

const rowHeight = 30

/** The items of a loop, the failed ones first. */
export function FoldMembers({ fold, nodes, select, now }: FoldMembersProps) {
  const [text, setText] = useState('')
  const wanted = useDeferredValue(text.trim().toLowerCase())
  const shown = useMemo(
    () =>
      fold.members.flatMap((id) => {
        const node = nodes[id]
        return node?.displayName.toLowerCase().includes(wanted) ? [node] : []
      }),
    [fold, nodes, wanted],
  )
  const { ref, window } = useVisibleRows(shown.length, rowHeight)
  return (
    <>
      <div className="bar">
        <ul className="row">
          {tally(fold.members, nodes).map(([phase, count]) => (
            <li key={phase}>
              <PhaseMark phase={phase} word={`${count.toLocaleString('en')} ${phase}`} />
            </li>
          ))}
        </ul>
        <input
          className="input"
          type="search"
          aria-label="Search items"
          placeholder="Search items"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      </div>
      <section className="scroller" ref={ref} aria-label="Items">
        <ol style={{ height: shown.length * rowHeight, position: 'relative' }}>
          {shown.slice(window.first, window.end).map((node, offset) => (
            <li
              key={node.id}
              className="member"
              style={{ top: (window.first + offset) * rowHeight, height: rowHeight }}
            >
              <button type="button" onClick={() => select(node.id)} title={node.message}>
                <PhaseMark phase={nodePhase(node)} word={node.displayName} />
                <span className="quiet">{lasted(node.startedAt, node.finishedAt, now)}</span>
              </button>
            </li>
          ))}
        </ol>
      </section>
    </>
  )
}
