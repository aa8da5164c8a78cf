import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useVisibleRows } from './use-visible-rows.ts'

interface VirtualTableProps<T> {
  readonly label: string
  readonly look: string
  readonly items: readonly T[]
  readonly rowHeight: number
  readonly keyOf: (item: T) => string
  readonly head: ReactNode
  /** The cells of one row; what can be reached by the tabulator is only in the `reachable` one. */
  readonly children: (item: T, reachable: boolean) => ReactNode
  readonly isChosen?: (item: T) => boolean
  /** A key that is not about moving, pressed in a row. */
  readonly onKey?: (key: string, item: T) => void
  /** The last row has come near. */
  readonly onEnd?: () => void
}

const headHeight = 30

/** Of many rows those near the screen exist. The arrows go from row to row, to what of it can be pressed. */
export function VirtualTable<T>(props: VirtualTableProps<T>) {
  const { label, look, items, rowHeight, keyOf, head, children, isChosen, onKey, onEnd } = props
  const { ref, window, show } = useVisibleRows(items.length, rowHeight)
  const { active, setActive, goTo, body } = useActiveRow(items.length)
  // Scrolled away from it, the tabulator still finds a row.
  const reachable = active >= window.first && active < window.end ? active : window.first
  const atEnd = window.end >= items.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: more items that do not fill the screen are an end again
  useEffect(() => {
    if (atEnd) onEnd?.()
  }, [atEnd, items, onEnd])
  const keys = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const next = moveTo(event.key, active, items.length)
    const item = items[active]
    if (next === undefined) return void (item && onKey?.(event.key, item))
    event.preventDefault()
    goTo(next)
    show(next, headHeight)
  }
  return (
    <section className="scroller" ref={ref} aria-label={label}>
      <table className={`rows ${look}`} aria-rowcount={items.length + 1} onKeyDown={keys}>
        <thead>
          <tr>{head}</tr>
        </thead>
        <tbody ref={body}>
          <tr className="gap" style={{ height: window.before }} />
          {items.slice(window.first, window.end).map((item, offset) => {
            const index = window.first + offset
            return (
              <tr
                key={keyOf(item)}
                data-row={index}
                aria-rowindex={index + 2}
                data-chosen={isChosen?.(item)}
                style={{ height: rowHeight }}
                onFocus={() => setActive(index)}
              >
                {children(item, index === reachable)}
              </tr>
            )
          })}
          <tr className="gap" style={{ height: window.after }} />
        </tbody>
      </table>
    </section>
  )
}

/** Which row the keyboard is in; the focus follows when it was moved there. */
function useActiveRow(count: number) {
  const [chosen, setActive] = useState(0)
  const active = Math.max(0, Math.min(chosen, count - 1))
  const body = useRef<HTMLTableSectionElement>(null)
  const moved = useRef(false)
  useEffect(() => {
    if (!moved.current) return
    const row = body.current?.querySelector<HTMLElement>(`[data-row="${active}"] :is(a, button)`)
    // A row that was far away is there when the scrolling has been heard of.
    if (!row) return
    moved.current = false
    row.focus({ preventScroll: true })
  })
  const goTo = (index: number) => {
    moved.current = true
    setActive(index)
  }
  return { active, setActive, goTo, body }
}

/** Where a key leads from a row; nowhere for other keys. */
export function moveTo(key: string, from: number, count: number): number | undefined {
  const last = count - 1
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: from + 1,
    j: from + 1,
    ArrowUp: from - 1,
    k: from - 1,
    PageDown: from + 15,
    PageUp: from - 15,
    Home: 0,
    End: last,
  }
  const target = targets[key]
  return target === undefined ? undefined : Math.max(0, Math.min(last, target))
}
