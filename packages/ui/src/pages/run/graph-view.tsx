import { useCallback } from 'react'
import type { Shape } from '../../graph/fold.ts'
import { Blank } from '../../parts/blank.tsx'
import { type BoxProps, GraphPicture } from '../../parts/graph-picture.tsx'
import { GraphShape } from './graph-shape.tsx'
import type { RunViewProps } from './run-view.ts'
import { useGraph } from './use-graph.ts'

/** The run as a picture. */
export function GraphView({ nodes, selected, select, now }: RunViewProps) {
  const graph = useGraph(nodes)
  const { toggle } = graph
  const drawBox = useCallback(
    (box: BoxProps<Shape>) => (
      <GraphShape
        key={box.place.id}
        {...box}
        // What is over does not change with the time.
        now={nodes[box.place.id]?.finishedAt ? 0 : now}
        {...{ nodes, select, toggle }}
      />
    ),
    [nodes, now, select, toggle],
  )
  if (graph.layout.placed.length === 0) return <NoSteps />
  return <GraphPicture {...{ graph, selected, drawBox }} noun="step" />
}

function NoSteps() {
  return (
    <Blank title="No steps yet">
      <p>The controller has not started this run. The summary says what it waits for.</p>
    </Blank>
  )
}
