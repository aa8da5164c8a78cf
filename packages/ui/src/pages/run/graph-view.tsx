import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef } from 'react'
import type { Layout, Placed } from '../../graph/layout.ts'
import { linesOf } from '../../graph/paint.ts'
import { keepingPainter } from '../../graph/painter.ts'
import {
  nearby,
  neighbour,
  reveal,
  type Size,
  strideOf,
  type Viewport,
} from '../../graph/viewport.ts'
import { Blank } from '../../parts/blank.tsx'
import { useTheme } from '../../parts/use-theme.ts'
import { GraphNear } from './graph-near.tsx'
import { GraphTools } from './graph-tools.tsx'
import type { RunViewProps } from './run-view.ts'
import { type Graph, useGraph } from './use-graph.ts'
import { usePanZoom } from './use-pan-zoom.ts'

/** More boxes than this, or smaller ones, are painted; the others are buttons. */
const mostButtons = 350
const smallestButton = 0.45

const directions: Readonly<Record<string, 'left' | 'right' | 'up' | 'down'>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}

/** The run as a picture. Lines and far boxes are painted, near boxes are buttons; arrows go from box to box. */
export function GraphView({ nodes, selected, select, now }: RunViewProps) {
  const graph = useGraph(nodes)
  const { drawing, layout, shapes, at, toggle } = graph
  const { ref, view, setView, size, tools } = usePanZoom(layout)
  const near = useNear(layout, view, size)
  const asButtons = near.length <= mostButtons && view.scale >= smallestButton
  const canvas = usePicture({ graph, asButtons, selected, view, size })
  const go = useCallback(
    (to: Placed) => {
      const scale = (now: number) => Math.max(now, smallestButton)
      setView((value) => reveal({ ...value, scale: scale(value.scale) }, to, size))
      requestAnimationFrame(() =>
        document.getElementById(`shape-${to.id}`)?.focus({ preventScroll: true }),
      )
    },
    [setView, size],
  )
  const keys = (event: KeyboardEvent) => {
    const direction = directions[event.key]
    const from = at.get(document.activeElement?.getAttribute('data-id') ?? '')
    if (!direction || !from) return
    event.preventDefault()
    const to = neighbour(layout.placed, from, direction)
    if (to) go(to)
  }
  const find = (id: string) => {
    const to = at.get(id)
    if (to) go(to)
  }
  if (layout.placed.length === 0) return <NoSteps />
  return (
    <section className="graph" ref={ref} aria-label="Graph" onKeyDown={keys}>
      <canvas ref={canvas} style={{ width: size.width, height: size.height }} />
      {asButtons ? (
        <GraphNear {...{ near, shapes, nodes, view, selected, select, toggle, now }} />
      ) : (
        <Far near={near} go={go} />
      )}
      <GraphTools tools={tools} shapes={drawing.shapes} find={find} />
    </section>
  )
}

/** The same boxes for a little way: who moves about draws nothing anew. */
function useNear({ placed }: Layout, view: Viewport, size: Size): readonly Placed[] {
  const { x, y, scale } = strideOf(view)
  return useMemo(() => nearby(placed, { x, y, scale }, size), [placed, x, y, scale, size])
}

function NoSteps() {
  return (
    <Blank title="No steps yet">
      <p>The controller has not started this run. The summary says what it waits for.</p>
    </Blank>
  )
}

interface PictureProps {
  readonly graph: Graph
  readonly asButtons: boolean
  readonly selected: string | undefined
  readonly view: Viewport
  readonly size: Size
}

/** Paints what is no button. */
function usePicture({ graph, asButtons, selected, view, size }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useTheme()
  const { drawing, layout, shapes, at } = graph
  const painter = useMemo(keepingPainter, [])
  const lines = useMemo(() => linesOf(drawing.edges, at), [drawing, at])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the colours that are read while painting
  const picture = useMemo(
    () => ({
      ...{ lines, boxes: asButtons ? [] : layout.placed, selected },
      phaseOf: (id: string) => shapes.get(id)?.phase ?? ('Pending' as const),
    }),
    [lines, layout, shapes, asButtons, selected, theme],
  )
  useEffect(() => {
    if (canvas.current) painter(canvas.current, { picture, layout, view, size })
  }, [painter, picture, layout, view, size])
  useEffect(() => painter.stop, [painter])
  return canvas
}

interface FarProps {
  readonly near: readonly Placed[]
  readonly go: (to: Placed) => void
}

/** From far away everything is only a colour: press to come near. */
function Far({ near, go }: FarProps) {
  const [first] = near
  return (
    <button
      type="button"
      className="come-near button"
      disabled={!first}
      onClick={() => first && go(first)}
    >
      Come closer
    </button>
  )
}
