import type { ReactNode } from 'react'
import type { RowWindow } from './use-visible-rows.ts'

interface VirtualListProps<T> {
  readonly items: readonly T[]
  readonly window: RowWindow
  readonly rowHeight: number
  readonly keyOf: (item: T, index: number) => string | number
  readonly children: (item: T, index: number) => ReactNode
}

/** A list in something that scrolls: of many items of one height, those near the screen exist. */
export function VirtualList<T>(props: VirtualListProps<T>) {
  const { items, window, rowHeight, keyOf, children } = props
  return (
    <ol className="virtual" style={{ height: items.length * rowHeight }}>
      {items.slice(window.first, window.end).map((item, offset) => {
        const index = window.first + offset
        return (
          <li key={keyOf(item, index)} style={{ top: index * rowHeight, height: rowHeight }}>
            {children(item, index)}
          </li>
        )
      })}
    </ol>
  )
}
