import type { Shape } from '../../graph/fold.ts'
import type { Placed } from '../../graph/layout.ts'
import type { Viewport } from '../../graph/viewport.ts'
import { GraphShape } from './graph-shape.tsx'
import type { RunViewProps } from './run-view.ts'

interface GraphNearProps extends RunViewProps {
  readonly near: readonly Placed[]
  readonly shapes: ReadonlyMap<string, Shape>
  readonly view: Viewport
  readonly toggle: (id: string) => void
}

/** The boxes on the screen as buttons; the tabulator comes to the chosen one, or to the first. */
export function GraphNear(props: GraphNearProps) {
  const { near, shapes, nodes, view, selected, select, toggle, now } = props
  const first = near[0]?.id
  return (
    <div
      className="plane"
      style={{ transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})` }}
    >
      {near.map((place) => {
        const shape = shapes.get(place.id)
        if (!shape) return null
        const chosen = isChosen(shape, selected)
        return (
          <GraphShape
            key={place.id}
            reachable={chosen || place.id === first}
            {...{ shape, place, nodes, chosen, select, toggle, now }}
          />
        )
      })}
    </div>
  )
}

function isChosen({ id, members }: Shape, selected: string | undefined): boolean {
  return selected !== undefined && (id === selected || members.includes(selected))
}
