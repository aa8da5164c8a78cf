import { useCallback, useMemo, useState } from 'react'
import { fold, type Shape } from '../../graph/fold.ts'
import type { Nodes } from '../../graph/owners.ts'
import type { PlacedGraph } from '../../parts/graph-picture.tsx'
import { usePlaced } from '../../parts/use-placed.ts'

interface Graph extends PlacedGraph<Shape> {
  /** Folds what is unfolded and the other way round. */
  readonly toggle: (id: string) => void
}

/** What is drawn of a run, and where. */
export function useGraph(nodes: Nodes): Graph {
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set())
  const drawing = useMemo(() => fold(nodes, unfolded), [nodes, unfolded])
  const placed = usePlaced(drawing)
  const toggle = useCallback((id: string) => {
    setUnfolded((value) => {
      const next = new Set(value)
      if (!next.delete(id)) next.add(id)
      return next
    })
  }, [])
  return { ...placed, toggle }
}
