import type { Layout } from './layout.ts'
import { type Picture, paint } from './paint.ts'
import type { Size, Viewport } from './viewport.ts'

/** Shows a picture as it is seen from somewhere. */
export type Painter = (canvas: HTMLCanvasElement, scene: Scene) => void

export interface Scene {
  readonly picture: Picture
  readonly layout: Layout
  readonly view: Viewport
  readonly size: Size
}

/** A piece of the plane, in the plane's own measure. */
export interface Region {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

interface Kept {
  readonly canvas: HTMLCanvasElement
  readonly picture: Picture
  readonly scale: number
  readonly ratio: number
  readonly region: Region
}

/**
 * Draws more than is seen and keeps it: moving about is then a copy of pixels, until what is kept ends. While somebody comes
 * closer or goes further, what is kept is stretched, and drawn anew once that is over.
 */
export function keepingPainter(): Painter & { readonly stop: () => void } {
  let kept: Kept | undefined
  let timer: number | undefined
  const exact = (canvas: HTMLCanvasElement, scene: Scene) => {
    kept = draw(scene, kept?.canvas)
    show(canvas, kept, scene)
  }
  const painter: Painter = (canvas, scene) => {
    window.clearTimeout(timer)
    const { view, picture } = scene
    const known = kept?.picture === picture && kept.ratio === ratioNow() ? kept : undefined
    if (known && covers(known.region, seen(scene), scene.layout)) {
      if (known.scale === view.scale) return show(canvas, known, scene)
      show(canvas, known, scene)
      timer = window.setTimeout(exact, restMs, canvas, scene)
      return
    }
    exact(canvas, scene)
  }
  return Object.assign(painter, { stop: () => window.clearTimeout(timer) })
}

/** So long after the last turn of the wheel it is over. */
const restMs = 90

const ratioNow = () => window.devicePixelRatio || 1

/** What is on the screen. */
export function seen({ view, size }: Pick<Scene, 'view' | 'size'>): Region {
  return {
    left: -view.x / view.scale,
    top: -view.y / view.scale,
    width: size.width / view.scale,
    height: size.height / view.scale,
  }
}

/** Half a screen more on each side, but not beyond the picture. */
export function around({ left, top, width, height }: Region, layout: Layout): Region {
  const wide = { left: left - width / 2, right: left + width * 1.5 }
  const high = { top: top - height / 2, bottom: top + height * 1.5 }
  const from = { left: Math.max(wide.left, -edge), top: Math.max(high.top, -edge) }
  return {
    ...from,
    width: Math.max(1, Math.min(wide.right, layout.width + edge) - from.left),
    height: Math.max(1, Math.min(high.bottom, layout.height + edge) - from.top),
  }
}

/** Lines bend, and what is chosen has a frame. */
const edge = 64

/** Whether all that is seen of the picture is in the region. */
export function covers(region: Region, wanted: Region, layout: Layout): boolean {
  const inside = (from: number, length: number, start: number, room: number, end: number) =>
    Math.max(from, -edge) >= start - 1 && Math.min(from + length, end + edge) <= start + room + 1
  return (
    inside(wanted.left, wanted.width, region.left, region.width, layout.width) &&
    inside(wanted.top, wanted.height, region.top, region.height, layout.height)
  )
}

function draw(scene: Scene, used: HTMLCanvasElement | undefined): Kept {
  const { picture, layout, view } = scene
  const { scale } = view
  const ratio = ratioNow()
  const region = around(seen(scene), layout)
  const size = { width: region.width * scale, height: region.height * scale }
  const canvas = used ?? document.createElement('canvas')
  canvas.width = Math.ceil(size.width * ratio)
  canvas.height = Math.ceil(size.height * ratio)
  paint(canvas, picture, { scale, x: -region.left * scale, y: -region.top * scale }, size)
  return { canvas, picture, scale, ratio, region }
}

function show(canvas: HTMLCanvasElement, kept: Kept, { view, size }: Scene): void {
  const { ratio, region, scale } = kept
  const context = canvas.getContext('2d')
  if (!context) return
  const [across, down] = [Math.round(size.width * ratio), Math.round(size.height * ratio)]
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across
    canvas.height = down
  }
  context.clearRect(0, 0, across, down)
  const grown = view.scale / scale
  // Whole pixels: lines stay as sharp as they were drawn.
  const at = (start: number, offset: number) => Math.round((start * view.scale + offset) * ratio)
  context.drawImage(
    kept.canvas,
    at(region.left, view.x),
    at(region.top, view.y),
    kept.canvas.width * grown,
    kept.canvas.height * grown,
  )
}
