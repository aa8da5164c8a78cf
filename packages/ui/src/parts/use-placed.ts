import { useMemo } from 'react'
import type { Edge, Shape } from '../graph/fold.ts'
import { type Layout, layOut } from '../graph/layout.ts'
import type { PlacedGraph } from './graph-picture.tsx'

interface Drawn<S extends Shape> {
  readonly shapes: readonly S[]
  readonly edges: readonly Edge[]
}

/** What is drawn, and where. */
export function usePlaced<S extends Shape>(drawing: Drawn<S>): PlacedGraph<S> {
  const layout = useStableLayout(drawing)
  const shapes = useMemo(() => new Map(drawing.shapes.map((one) => [one.id, one])), [drawing])
  const at = useMemo(() => new Map(layout.placed.map((one) => [one.id, one])), [layout])
  return { drawing, layout, shapes, at }
}

/** A new layout only for a new graph: phases change far more often than shapes do, and nothing may jump. */
function useStableLayout<S extends Shape>({ shapes, edges }: Drawn<S>): Layout {
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
