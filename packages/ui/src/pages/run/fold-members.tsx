import { useDeferredValue, useMemo, useState } from 'react'
import { nodePhase } from '../../format/phase.ts'
import { lasted } from '../../format/time.ts'
import { type Shape, tally } from '../../graph/fold.ts'
import { PhaseMark } from '../../parts/phase-mark.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { useVisibleRows } from '../../parts/use-visible-rows.ts'
import { VirtualList } from '../../parts/virtual-list.tsx'
import type { RunViewProps } from './run-view.ts'

interface FoldMembersProps extends Omit<RunViewProps, 'selected'> {
  readonly fold: Shape
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
        <SearchField
          label="Search items"
          placeholder="Search items"
          value={text}
          change={setText}
        />
      </div>
      <section className="scroller" ref={ref} aria-label="Items">
        <VirtualList items={shown} window={window} rowHeight={rowHeight} keyOf={({ id }) => id}>
          {(node) => (
            <button
              type="button"
              className="member"
              onClick={() => select(node.id)}
              title={node.message}
            >
              <PhaseMark phase={nodePhase(node)} word={node.displayName} />
              <span className="quiet">{lasted(node.startedAt, node.finishedAt, now)}</span>
            </button>
          )}
        </VirtualList>
      </section>
    </>
  )
}
