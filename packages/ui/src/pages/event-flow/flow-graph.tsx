import { useCallback, useMemo } from 'react'
import type { Flow } from '../../graph/flow.ts'
import { relatedTo } from '../../graph/flow-relations.ts'
import type { FlowShape } from '../../graph/flow-shape.ts'
import { type BoxProps, GraphPicture } from '../../parts/graph-picture.tsx'
import { usePlaced } from '../../parts/use-placed.ts'
import { navigate, useParam } from '../../state/router.ts'
import { FlowBox } from './flow-box.tsx'
import { runsPath } from './runs-path.ts'

interface FlowGraphProps {
  readonly flow: Flow
  readonly selected: string | undefined
}

/** The flow as a picture; what belongs to the chosen box is marked. */
export function FlowGraph({ flow, selected }: FlowGraphProps) {
  const graph = usePlaced(flow)
  const [, setNode] = useParam('nodeId')
  const related = useMemo(
    () => (selected === undefined ? none : relatedTo(selected, flow)),
    [selected, flow],
  )
  const select = useCallback(
    (shape: FlowShape) => {
      if (shape.genre === 'more') navigate(runsPath(shape.id.slice('more:'.length)))
      else setNode(shape.id)
    },
    [setNode],
  )
  const drawBox = useCallback(
    (box: BoxProps<FlowShape>) => (
      <FlowBox key={box.place.id} {...box} isRelated={related.has(box.place.id)} select={select} />
    ),
    [related, select],
  )
  return <GraphPicture {...{ graph, selected, drawBox }} noun="box" revealsChosen />
}

const none: ReadonlySet<string> = new Set()
