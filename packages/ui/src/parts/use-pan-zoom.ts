import { type RefCallback, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Layout } from '../graph/layout.ts'
import { fit, type Size, type Viewport, zoom } from '../graph/viewport.ts'

export interface ViewTools {
  readonly closer: () => void
  readonly further: () => void
  readonly whole: () => void
}

interface PanZoom {
  readonly ref: RefCallback<HTMLElement>
  readonly view: Viewport
  readonly setView: (change: (view: Viewport) => Viewport) => void
  readonly size: Size
  readonly tools: ViewTools
}

const start: Viewport = { x: 24, y: 24, scale: 1 }
/** Below this nothing can be read: a large graph begins readable at its start, not whole. */
const readable = 0.8

/** Moving and enlarging a plane: by dragging, by wheel, by two fingers' pinch on a touchpad. */
export function usePanZoom(layout: Layout): PanZoom {
  const [view, setView] = useState(start)
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  const moved = useRef(false)
  const touch = useCallback((change: (view: Viewport) => Viewport) => {
    moved.current = true
    setView(change)
  }, [])
  useEffect(() => {
    if (moved.current || size.width === 0) return
    setView(opening(layout, size))
  }, [layout, size])
  const ref = useCallback(
    (element: HTMLElement | null) => {
      if (!element) return
      const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight })
      measure()
      const watch = new ResizeObserver(measure)
      watch.observe(element)
      const stop = listen(element, touch)
      return () => {
        watch.disconnect()
        stop()
      }
    },
    [touch],
  )
  const tools = useMemo(() => toolsFor(touch, layout, size), [touch, layout, size])
  return { ref, view, setView: touch, size, tools }
}

function opening(layout: Layout, size: Size): Viewport {
  const whole = fit(layout, size)
  if (whole.scale >= readable) return whole
  const root = layout.placed[0]
  const middle = root ? size.height / 2 - root.y * readable : 24
  // What is lower than the screen stands in its middle, below the tools.
  const lower = layout.height * readable < size.height - 80
  const y = lower
    ? Math.max(56, (size.height - layout.height * readable) / 2)
    : Math.min(24, middle)
  return { scale: readable, x: 24, y }
}

function toolsFor(
  touch: (change: (view: Viewport) => Viewport) => void,
  layout: Layout,
  size: Size,
): ViewTools {
  const middle = { x: size.width / 2, y: size.height / 2 }
  return {
    closer: () => touch((view) => zoom(view, 1.3, middle)),
    further: () => touch((view) => zoom(view, 1 / 1.3, middle)),
    whole: () => touch(() => fit(layout, size)),
  }
}

type Touch = (change: (view: Viewport) => Viewport) => void

function listen(element: HTMLElement, touch: Touch): () => void {
  const ends = new AbortController()
  const { signal } = ends
  const wheel = (event: WheelEvent) => {
    event.preventDefault()
    if (!event.ctrlKey && !event.metaKey) {
      return touch((view) => ({ ...view, x: view.x - event.deltaX, y: view.y - event.deltaY }))
    }
    // Where that is has to be worked out by the browser: only who comes closer waits for it.
    const { left, top } = element.getBoundingClientRect()
    const at = { x: event.clientX - left, y: event.clientY - top }
    touch((view) => zoom(view, Math.exp(-event.deltaY / 150), at))
  }
  let from: { x: number; y: number } | undefined
  const down = (event: PointerEvent) => {
    const onControl = event.target instanceof Element && event.target.closest('button,input')
    if (event.button !== 0 || onControl) return
    from = { x: event.clientX, y: event.clientY }
    element.setPointerCapture(event.pointerId)
  }
  const move = (event: PointerEvent) => {
    if (!from) return
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y]
    from = { x: event.clientX, y: event.clientY }
    touch((view) => ({ ...view, x: view.x + dx, y: view.y + dy }))
  }
  const up = () => {
    from = undefined
  }
  element.addEventListener('wheel', wheel, { passive: false, signal })
  element.addEventListener('pointerdown', down, { signal })
  element.addEventListener('pointermove', move, { signal })
  element.addEventListener('pointerup', up, { signal })
  element.addEventListener('pointercancel', up, { signal })
  return () => ends.abort()
}
