import type { ReactNode } from 'react'
import type { Shape } from '../graph/fold.ts'
import { box } from '../graph/layout.ts'
import type { BoxProps } from './graph-picture.tsx'

interface GraphBoxProps extends BoxProps<Shape> {
  readonly className: string
  readonly title: string
  /** For style sheets: what sets this box apart. */
  readonly marks: Readonly<Record<`data-${string}`, string | boolean | undefined>>
  readonly select: () => void
  /** What stands in the box without being part of its button. */
  readonly beside?: ReactNode
  readonly children: ReactNode
}

/** A box at its place, as GraphPicture finds it again: a button with the id `shape-…` and its own id as `data-id`. */
export function GraphBox(props: GraphBoxProps) {
  const { shape, place, chosen, reachable, className, title, marks, select, beside, children } =
    props
  return (
    <div
      className="shape"
      style={{ left: place.x, top: place.y, width: box.width, height: box.height }}
    >
      <button
        type="button"
        id={`shape-${shape.id}`}
        data-id={shape.id}
        className={`node ${className}`}
        data-phase={shape.phase}
        {...marks}
        aria-pressed={chosen}
        title={title}
        tabIndex={reachable ? 0 : -1}
        onClick={select}
      >
        {children}
      </button>
      {beside}
    </div>
  )
}
