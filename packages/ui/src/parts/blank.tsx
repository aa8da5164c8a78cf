import type { ReactNode } from 'react'

/** Instead of an empty page: what it would show, and what to do. */
export function Blank({
  title,
  children,
}: {
  readonly title: string
  readonly children?: ReactNode
}) {
  return (
    <div className="blank">
      <h2>{title}</h2>
      {children}
    </div>
  )
}
