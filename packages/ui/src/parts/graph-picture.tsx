import {
  type KeyboardEvent,
  memo,
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useRef,
} from 'react'
import type { Edge, Shape } from '../graph/fold.ts'
import type { Layout, Placed } from '../graph/layout.ts'
import { linesOf } from '../graph/paint.ts'
import { keepingPainter } from '../graph/painter.ts'
import { nearby, neighbour, reveal, type Size, strideOf, type Viewport } from '../graph/viewport.ts'
import { GraphTools } from './graph-tools.tsx'
import { usePanZoom } from './use-pan-zoom.ts'
import { useTheme } from './use-theme.ts'

/** What is drawn, and where. */
export interface PlacedGraph<S extends Shape> {
  readonly drawing: { readonly shapes: readonly S[]; readonly edges: readonly Edge[] }
  readonly layout: Layout
  readonly shapes: ReadonlyMap<string, S>
  readonly at: ReadonlyMap<string, Placed>
}

/** A box to be drawn as a GraphBox. */
export interface BoxProps<S extends Shape> {
  readonly shape: S
  readonly place: Placed
  readonly chosen: boolean
  /** Whether the tabulator comes to it. */
  readonly reachable: boolean
}

interface GraphPictureProps<S extends Shape> {
  readonly graph: PlacedGraph<S>
  readonly selected: string | undefined
  /** As `step`: what its boxes are. */
  readonly noun: string
  /** The chosen box is brought onto the screen, also when it was chosen elsewhere. */
  readonly revealsChosen?: boolean
  /** The same function for as long as it draws the same. */
  readonly drawBox: (box: BoxProps<S>) => ReactNode
}

/** More boxes than this, or smaller ones, are painted; the others are buttons. */
const mostButtons = 350
const smallestButton = 0.45

const directions: Readonly<Record<string, 'left' | 'right' | 'up' | 'down'>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}

/** A graph as a picture. Lines and far boxes are painted, near boxes are buttons; arrows go from box to box. */
export function GraphPicture<S extends Shape>(props: GraphPictureProps<S>) {
  const { graph, selected, noun, drawBox, revealsChosen = false } = props
  const { drawing, layout, shapes, at } = graph
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
  // biome-ignore lint/correctness/useExhaustiveDependencies: a graph that changes does not take the reader back
  useEffect(() => {
    const chosen = revealsChosen ? at.get(selected ?? '') : undefined
    if (chosen && size.width > 0) setView((value) => reveal(value, chosen, size))
  }, [selected, size])
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
  return (
    <section className="graph" ref={ref} aria-label="Graph" onKeyDown={keys}>
      <canvas ref={canvas} style={{ width: size.width, height: size.height }} />
      {asButtons ? (
        <Plane view={view}>
          <Boxes {...{ near, shapes, selected }} drawBox={drawBox as DrawAny} />
        </Plane>
      ) : (
        <Far near={near} go={go} />
      )}
      <GraphTools tools={tools} shapes={drawing.shapes} find={find} noun={noun} />
    </section>
  )
}

/** The same boxes for a little way: who moves about draws nothing anew. */
function useNear({ placed }: Layout, view: Viewport, size: Size): readonly Placed[] {
  const { x, y, scale } = strideOf(view)
  return useMemo(() => nearby(placed, { x, y, scale }, size), [placed, x, y, scale, size])
}

interface PlaneProps {
  readonly view: Viewport
  readonly children: ReactNode
}

/** Moving about moves the plane alone, of which the browser keeps a picture. */
function Plane({ view, children }: PlaneProps) {
  return (
    <div className="plane" style={{ transform: `translate(${view.x}px, ${view.y}px)` }}>
      {/* Not enlarged by the one that moves: its picture would be stretched instead of drawn anew. */}
      <div className="scale" style={{ transform: `scale(${view.scale})` }}>
        {children}
      </div>
    </div>
  )
}

/** A memoized component cannot be generic: shapes and what draws them come from one place. */
type DrawAny = (box: BoxProps<Shape>) => ReactNode

interface BoxesProps {
  readonly near: readonly Placed[]
  readonly shapes: ReadonlyMap<string, Shape>
  readonly selected: string | undefined
  readonly drawBox: DrawAny
}

/** The tabulator comes to the chosen one, or to the first. */
const Boxes = memo(function Boxes({ near, shapes, selected, drawBox }: BoxesProps) {
  const first = near[0]?.id
  return near.map((place) => {
    const shape = shapes.get(place.id)
    if (!shape) return null
    const chosen = isChosen(shape, selected)
    return drawBox({ shape, place, chosen, reachable: chosen || place.id === first })
  })
})

function isChosen({ id, members }: Shape, selected: string | undefined): boolean {
  return selected !== undefined && (id === selected || members.includes(selected))
}

interface PictureProps<S extends Shape> {
  readonly graph: PlacedGraph<S>
  readonly asButtons: boolean
  readonly selected: string | undefined
  readonly view: Viewport
  readonly size: Size
}

/** Paints what is no button. */
function usePicture<S extends Shape>(props: PictureProps<S>) {
  const { graph, asButtons, selected, view, size } = props
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
