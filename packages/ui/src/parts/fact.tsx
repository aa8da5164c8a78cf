import type { ReactNode } from 'react'

/** A name and what it is, in a list of class `facts`. */
export function Fact({
  name,
  children,
}: {
  readonly name: ReactNode
  readonly children: ReactNode
}) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
