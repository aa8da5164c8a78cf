import type { Phase } from '../format/phase.ts'
import type { Edge } from './fold.ts'
import { box, type Placed } from './layout.ts'
import type { Size, Viewport } from './viewport.ts'

/** What there is to see; another one when anything of it is another. */
export interface Picture {
  readonly lines: readonly Line[]
  /** The boxes that are mere colours. */
  readonly boxes: readonly Placed[]
  readonly phaseOf: (id: string) => Phase
  readonly selected: string | undefined
}

export interface Line {
  readonly from: Placed
  readonly to: Placed
}

/** The edges with the places of their ends, which are not looked up again with every drawing. */
export function linesOf(edges: readonly Edge[], at: ReadonlyMap<string, Placed>): readonly Line[] {
  return edges.flatMap((edge) => {
    const [from, to] = [at.get(edge.from), at.get(edge.to)]
    return from && to ? [{ from, to }] : []
  })
}

/** Draws the lines, and the boxes as mere colours, on a clean canvas. */
export function paint(
  canvas: HTMLCanvasElement,
  picture: Picture,
  view: Viewport,
  { width, height }: Size,
): void {
  const context = canvas.getContext('2d')
  if (!context) return
  const ratio = window.devicePixelRatio || 1
  context.setTransform(ratio * view.scale, 0, 0, ratio * view.scale, ratio * view.x, ratio * view.y)
  const colours = getComputedStyle(document.documentElement)
  context.strokeStyle = colours.getPropertyValue('--wire')
  context.lineWidth = 1.25 / Math.min(1, Math.max(view.scale, 0.25))
  const frame = {
    left: -view.x / view.scale,
    top: -view.y / view.scale,
    right: (width - view.x) / view.scale,
    bottom: (height - view.y) / view.scale,
  }
  drawEdges(context, picture, { ...frame, isFar: view.scale < farScale })
  drawBoxes(context, picture, frame, (phase) => colours.getPropertyValue(colourNames[phase]))
}

/** From so far a bend cannot be told from a straight line. */
const farScale = 0.25
/** One path of everything is joined by the browser where its lines cross; short ones are not worth that to it. */
const linesAtOnce = 200

const colourNames: Readonly<Record<Phase, string>> = {
  Running: '--running',
  Pending: '--pending',
  Succeeded: '--succeeded',
  Failed: '--failed',
  Error: '--failed',
  Skipped: '--skipped',
  Omitted: '--skipped',
}

interface Frame {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

function drawEdges(
  context: CanvasRenderingContext2D,
  { lines }: Picture,
  { isFar, ...frame }: Frame & { readonly isFar: boolean },
): void {
  let count = 0
  context.beginPath()
  for (const { from: a, to: b } of lines) {
    if (isOutside(a, b, frame)) continue
    const start = { x: a.x + box.width, y: a.y + box.height / 2 }
    const end = { x: b.x, y: b.y + box.height / 2 }
    context.moveTo(start.x, start.y)
    if (isFar) context.lineTo(end.x, end.y)
    else {
      const bend = Math.max(24, Math.min(60, (end.x - start.x) / 2))
      context.bezierCurveTo(start.x + bend, start.y, end.x - bend, end.y, end.x, end.y)
    }
    count += 1
    if (count % linesAtOnce !== 0) continue
    context.stroke()
    context.beginPath()
  }
  context.stroke()
}

function isOutside(a: Placed, b: Placed, { left, top, right, bottom }: Frame): boolean {
  return (
    Math.max(a.x, b.x) + box.width < left ||
    Math.min(a.x, b.x) > right ||
    Math.max(a.y, b.y) + box.height < top ||
    Math.min(a.y, b.y) > bottom
  )
}

/** By phase, so that the colour changes seven times and not ten thousand. */
function drawBoxes(
  context: CanvasRenderingContext2D,
  { boxes, phaseOf, selected }: Picture,
  frame: Frame,
  colour: (phase: Phase) => string,
): void {
  const byPhase = new Map<Phase, Placed[]>()
  for (const one of boxes) {
    if (isOutside(one, one, frame)) continue
    const phase = phaseOf(one.id)
    const list = byPhase.get(phase)
    if (list) list.push(one)
    else byPhase.set(phase, [one])
  }
  for (const [phase, list] of byPhase) {
    context.fillStyle = colour(phase)
    for (const { x, y, id } of list) {
      context.fillRect(x, y, box.width, box.height)
      if (id === selected) context.strokeRect(x - 4, y - 4, box.width + 8, box.height + 8)
    }
  }
}
