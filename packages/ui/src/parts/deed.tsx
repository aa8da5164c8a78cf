import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'
import { Link } from './link.tsx'
import { tell } from './toasts.tsx'

interface DeedProps {
  readonly icon?: IconName
  readonly children: ReactNode
  /** Why the reader may not do this. */
  readonly whyNot: string | undefined
  readonly act?: () => void
  readonly look?: 'main'
  readonly type?: 'button' | 'submit'
  readonly disabled?: boolean
  readonly tabIndex?: number
}

/** A button for what not everybody may do: to those it is dim, can be reached, and says why. */
export function Deed({
  icon,
  children,
  whyNot,
  act,
  look,
  type = 'button',
  disabled = false,
  tabIndex,
}: DeedProps) {
  return (
    <button
      type={type}
      className="button"
      data-look={look}
      disabled={disabled}
      tabIndex={tabIndex}
      {...(whyNot !== undefined && { 'aria-disabled': true, title: whyNot })}
      onClick={(event) => {
        if (whyNot === undefined) return act?.()
        // Also a form is not sent.
        event.preventDefault()
        tell('bad', whyNot)
      }}
    >
      {icon && <Icon name={icon} />}
      {children}
      {whyNot !== undefined && <span className="unseen"> ({whyNot})</span>}
    </button>
  )
}

interface DeedLinkProps extends Pick<DeedProps, 'children' | 'whyNot' | 'icon' | 'tabIndex'> {
  readonly to: string
}

/** A link to where that is done; who may not do it sees a dim button. */
export function DeedLink({ to, whyNot, icon, children, tabIndex }: DeedLinkProps) {
  const inside = { ...(icon && { icon }), ...(tabIndex !== undefined && { tabIndex }) }
  if (whyNot !== undefined) {
    return (
      <Deed whyNot={whyNot} {...inside}>
        {children}
      </Deed>
    )
  }
  return (
    <Link to={to} className="button" {...(tabIndex !== undefined && { tabIndex })}>
      {icon && <Icon name={icon} />}
      {children}
    </Link>
  )
}
