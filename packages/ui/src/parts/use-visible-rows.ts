import { type RefCallback, useCallback, useEffect, useRef, useState } from 'react'

export interface RowWindow {
  readonly first: number
  /** One past the last row that is drawn. */
  readonly end: number
  readonly before: number
  readonly after: number
}

const spare = 8

/** Which of many rows of one height are near the screen, and how much room the others take. */
export function rowWindow(
  count: number,
  rowHeight: number,
  { top, height }: { readonly top: number; readonly height: number },
): RowWindow {
  const first = Math.min(Math.max(0, Math.floor(top / rowHeight) - spare), Math.max(0, count - 1))
  const end = Math.min(count, Math.ceil((top + height) / rowHeight) + spare)
  return { first, end, before: first * rowHeight, after: Math.max(0, count - end) * rowHeight }
}

interface VisibleRows {
  readonly ref: RefCallback<HTMLElement>
  readonly window: RowWindow
  /** Brings a row on the screen; `head` is what sticks to the top of it. */
  readonly show: (index: number, head?: number) => void
  readonly toEnd: () => void
}

/** Follows the scrolling of one element. */
export function useVisibleRows(count: number, rowHeight: number): VisibleRows {
  const element = useRef<HTMLElement | null>(null)
  const [seen, setSeen] = useState({ top: 0, height: 800 })
  const measure = useCallback(() => {
    const at = element.current
    if (!at) return
    const next = { top: at.scrollTop, height: at.clientHeight }
    setSeen((now) => (now.top === next.top && now.height === next.height ? now : next))
  }, [])
  const ref = useCallback(
    (found: HTMLElement | null) => {
      element.current = found
      if (!found) return
      measure()
      const watch = new ResizeObserver(measure)
      watch.observe(found)
      found.addEventListener('scroll', measure, { passive: true })
      return () => {
        watch.disconnect()
        found.removeEventListener('scroll', measure)
      }
    },
    [measure],
  )
  // A shorter list may have scrolled us by itself.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the count is why we look again
  useEffect(measure, [count, measure])
  const show = useCallback(
    (index: number, head = 0) => {
      const at = element.current
      if (!at) return
      const top = index * rowHeight
      if (top < at.scrollTop) at.scrollTop = top
      const over = top + rowHeight + head - (at.scrollTop + at.clientHeight)
      if (over > 0) at.scrollTop += over
    },
    [rowHeight],
  )
  const toEnd = useCallback(() => {
    if (element.current) element.current.scrollTop = element.current.scrollHeight
  }, [])
  return { ref, window: rowWindow(count, rowHeight, seen), show, toEnd }
}
