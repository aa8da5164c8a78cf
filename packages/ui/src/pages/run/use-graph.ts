import { useCallback, useMemo, useState } from 'react'
import { type Drawing, fold, type Shape } from '../../graph/fold.ts'
import { type Layout, layOut, type Placed } from '../../graph/layout.ts'
import type { Nodes } from '../../graph/owners.ts'

export interface Graph {
  readonly drawing: Drawing
  readonly layout: Layout
  readonly shapes: ReadonlyMap<string, Shape>
  readonly at: ReadonlyMap<string, Placed>
  /** Folds what is unfolded and the other way round. */
  readonly toggle: (id: string) => void
}

/** What is drawn of a run, and where. */
export function useGraph(nodes: Nodes): Graph {
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set())
  const drawing = useMemo(() => fold(nodes, unfolded), [nodes, unfolded])
  const layout = useStableLayout(drawing)
  const shapes = useMemo(() => new Map(drawing.shapes.map((one) => [one.id, one])), [drawing])
  const at = useMemo(() => new Map(layout.placed.map((one) => [one.id, one])), [layout])
  const toggle = useCallback((id: string) => {
    setUnfolded((value) => {
      const next = new Set(value)
      if (!next.delete(id)) next.add(id)
      return next
    })
  }, [])
  return { drawing, layout, shapes, at, toggle }
}

/** A new layout only for a new graph: phases change far more often than shapes do, and nothing may jump. */
function useStableLayout({ shapes, edges }: Drawing): Layout {
  const key = useMemo(
    () =>
      `${shapes.map(({ id }) => id).join()}|${edges.map(({ from, to }) => `${from}>${to}`).join()}`,
    [shapes, edges],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for both
  return useMemo(
    () =>
      layOut(
        shapes.map(({ id }) => id),
        edges,
      ),
    [key],
  )
}
