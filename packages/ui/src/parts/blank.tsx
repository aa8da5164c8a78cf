import type { ReactNode } from 'react'

interface BlankProps {
  readonly title: string
  /** It stands for the whole page, which has no other heading. */
  readonly alone?: boolean
  readonly children?: ReactNode
}

/** Instead of an empty page: what it would show, and what to do. */
export function Blank({ title, alone = false, children }: BlankProps) {
  const Heading = alone ? 'h1' : 'h2'
  return (
    <div className="blank">
      <Heading>{title}</Heading>
      {children}
    </div>
  )
}
