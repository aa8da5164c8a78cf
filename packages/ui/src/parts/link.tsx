import type { MouseEvent, ReactNode } from 'react'
import { navigate } from '../state/router.ts'

interface LinkProps {
  readonly to: string
  readonly children: ReactNode
  readonly className?: string
  readonly current?: boolean
  readonly title?: string
  readonly tabIndex?: number
}

/** A link inside the pages: it does not load them again, but opens in a new tab as any link does. */
export function Link({ to, children, className, current, title, tabIndex }: LinkProps) {
  const go = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
      return
    event.preventDefault()
    navigate(to)
  }
  return (
    <a
      href={to || '.'}
      onClick={go}
      className={className}
      title={title}
      tabIndex={tabIndex}
      aria-current={current ? 'page' : undefined}
    >
      {children}
    </a>
  )
}
