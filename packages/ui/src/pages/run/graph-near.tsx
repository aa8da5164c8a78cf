import { memo } from 'react'
import type { Shape } from '../../graph/fold.ts'
import type { Placed } from '../../graph/layout.ts'
import type { Viewport } from '../../graph/viewport.ts'
import { GraphShape } from './graph-shape.tsx'
import type { RunViewProps } from './run-view.ts'

interface BoxesProps extends RunViewProps {
  readonly near: readonly Placed[]
  readonly shapes: ReadonlyMap<string, Shape>
  readonly toggle: (id: string) => void
}

interface GraphNearProps extends BoxesProps {
  readonly view: Viewport
}

/** The boxes near the screen as buttons. Moving about moves the plane alone, of which the browser keeps a picture. */
export function GraphNear({ view, ...boxes }: GraphNearProps) {
  return (
    <div className="plane" style={{ transform: `translate(${view.x}px, ${view.y}px)` }}>
      {/* Not enlarged by the one that moves: its picture would be stretched instead of drawn anew. */}
      <div className="scale" style={{ transform: `scale(${view.scale})` }}>
        <Boxes {...boxes} />
      </div>
    </div>
  )
}

/** The tabulator comes to the chosen one, or to the first. */
const Boxes = memo(function Boxes(props: BoxesProps) {
  const { near, shapes, nodes, selected, select, toggle, now } = props
  const first = near[0]?.id
  return near.map((place) => {
    const shape = shapes.get(place.id)
    if (!shape) return null
    const chosen = isChosen(shape, selected)
    return (
      <GraphShape
        key={place.id}
        reachable={chosen || place.id === first}
        // What is over does not change with the time.
        now={nodes[place.id]?.finishedAt ? 0 : now}
        {...{ shape, place, nodes, chosen, select, toggle }}
      />
    )
  })
})

function isChosen({ id, members }: Shape, selected: string | undefined): boolean {
  return selected !== undefined && (id === selected || members.includes(selected))
}
