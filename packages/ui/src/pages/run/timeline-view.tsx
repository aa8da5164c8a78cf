import { useMemo } from 'react'
import { formatDuration } from '../../format/time.ts'
import { Blank } from '../../parts/blank.tsx'
import { useVisibleRows } from '../../parts/use-visible-rows.ts'
import { VirtualList } from '../../parts/virtual-list.tsx'
import { type Bar, ticks, timeline } from '../../timeline/timeline.ts'
import type { RunViewProps } from './run-view.ts'

const rowHeight = 26

/** When every step ran, on one axis; owners above what they own. */
export function TimelineView({ nodes, selected, select, now }: RunViewProps) {
  const { bars, startMs, endMs } = useMemo(() => timeline(nodes, now), [nodes, now])
  const { ref, window } = useVisibleRows(bars.length, rowHeight)
  const length = endMs - startMs
  const marks = ticks(length, 6)
  if (bars.length === 0) {
    return (
      <Blank title="Nothing has started yet">
        <p>Steps appear here as they start.</p>
      </Blank>
    )
  }
  return (
    <section className="scroller timeline" ref={ref} aria-label="Timeline">
      <div className="axis" aria-hidden="true">
        {marks.map((mark) => (
          <span key={mark} style={{ left: `${(mark / length) * 100}%` }}>
            {formatDuration(mark)}
          </span>
        ))}
      </div>
      <VirtualList items={bars} window={window} rowHeight={rowHeight} keyOf={({ id }) => id}>
        {(bar) => <BarRow bar={bar} length={length} chosen={bar.id === selected} select={select} />}
      </VirtualList>
    </section>
  )
}

interface BarRowProps {
  readonly bar: Bar
  readonly length: number
  readonly chosen: boolean
  readonly select: (id: string) => void
}

function BarRow({ bar, length, chosen, select }: BarRowProps) {
  const { id, label, depth, phase, from, to } = bar
  const took = formatDuration((to - from) * length)
  return (
    <button
      type="button"
      className="bar-row"
      data-phase={phase}
      aria-pressed={chosen}
      onClick={() => select(id)}
    >
      <span className="bar-label" style={{ paddingLeft: 12 + Math.min(depth, 12) * 14 }}>
        {label}
        <span className="unseen">
          : {phase}, began after {formatDuration(from * length)}, took{' '}
        </span>
      </span>
      <span className="bar-track">
        <span
          className="bar-fill"
          style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
        />
        <span className="bar-took" style={{ left: `${to * 100}%` }}>
          {took}
        </span>
      </span>
    </button>
  )
}
