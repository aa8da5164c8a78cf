import { box, type Layout, type Placed } from './layout.ts'

/** How the plane is seen: a point of the plane is at `point * scale + offset` on the screen. */
export interface Viewport {
  readonly x: number
  readonly y: number
  readonly scale: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

const margin = 24
const scales = { least: 0.02, most: 2 } as const

/** The boxes that are at least partly on the screen. */
export function visible(
  placed: readonly Placed[],
  { x, y, scale }: Viewport,
  { width, height }: Size,
): readonly Placed[] {
  const left = -x / scale - box.width
  const top = -y / scale - box.height
  const right = (width - x) / scale
  const bottom = (height - y) / scale
  return placed.filter((one) => one.x >= left && one.x <= right && one.y >= top && one.y <= bottom)
}

/** How far one moves before other boxes are near, in pixels of the screen. */
const stride = 160

/** A view from which all is seen that is seen from here, and the same one for a little way around. */
export function strideOf({ x, y, scale }: Viewport): Viewport {
  const ahead = (at: number) => (Math.floor(at / stride) + 1) * stride
  return { x: ahead(x), y: ahead(y), scale }
}

/** The boxes that are on the screen from anywhere within that stride. */
export function nearby(
  placed: readonly Placed[],
  from: Viewport,
  { width, height }: Size,
): readonly Placed[] {
  return visible(placed, from, { width: width + stride, height: height + stride })
}

/** All of it in the middle; not larger than life, and not so small that nothing can be read when it is short of it. */
export function fit(layout: Layout, size: Size): Viewport {
  const across = (size.width - 2 * margin) / Math.max(layout.width, 1)
  const down = (size.height - 2 * margin) / Math.max(layout.height, 1)
  const scale = clamp(Math.min(across, down), scales.least, 1)
  return {
    scale,
    x: Math.max(margin, (size.width - layout.width * scale) / 2),
    y: Math.max(margin, (size.height - layout.height * scale) / 2),
  }
}

/** Closer or further, the point under the pointer stays where it is. */
export function zoom(view: Viewport, factor: number, at: { x: number; y: number }): Viewport {
  const scale = clamp(view.scale * factor, scales.least, scales.most)
  const grown = scale / view.scale
  return { scale, x: at.x - (at.x - view.x) * grown, y: at.y - (at.y - view.y) * grown }
}

/** Moves as little as it takes to have a box whole on the screen. */
export function reveal(view: Viewport, one: Placed, size: Size): Viewport {
  const nearest = (start: number, length: number, room: number) => {
    if (start < margin) return margin - start
    const over = start + length - (room - margin)
    return over > 0 ? -over : 0
  }
  const left = one.x * view.scale + view.x
  const top = one.y * view.scale + view.y
  return {
    ...view,
    x: view.x + nearest(left, box.width * view.scale, size.width),
    y: view.y + nearest(top, box.height * view.scale, size.height),
  }
}

/** The neighbour in a direction: by arrow keys through the picture. */
export function neighbour(
  placed: readonly Placed[],
  from: Placed,
  direction: 'left' | 'right' | 'up' | 'down',
): Placed | undefined {
  const sideways = direction === 'left' || direction === 'right'
  const sign = direction === 'right' || direction === 'down' ? 1 : -1
  const distance = (one: Placed) =>
    sideways
      ? (one.layer - from.layer) * sign * 10_000 + Math.abs(one.y - from.y)
      : (one.y - from.y) * sign
  const ahead = placed.filter((one) =>
    sideways
      ? (one.layer - from.layer) * sign > 0
      : one.layer === from.layer && (one.y - from.y) * sign > 0,
  )
  return ahead.reduce<Placed | undefined>(
    (best, one) => (best && distance(best) <= distance(one) ? best : one),
    undefined,
  )
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
