import type { ReactNode } from 'react'
import { DeedLink } from '../../parts/deed.tsx'
import type { IconName } from '../../parts/icon.tsx'
import { useRights } from '../../state/rights.ts'
import { creating } from '../../state/run-actions.ts'

interface SubmitLinkProps {
  readonly namespace: string
  readonly icon?: IconName
  readonly children: ReactNode
}

/** Where runs are submitted; of all namespaces one may be open, so nobody is kept away. */
export function SubmitLink({ namespace, icon, children }: SubmitLinkProps) {
  const mayNot = useRights(namespace === '' ? [] : [{ namespace }])
  return (
    <DeedLink
      to="submit"
      whyNot={namespace === '' ? undefined : mayNot(creating, { namespace })}
      {...(icon && { icon })}
    >
      {children}
    </DeedLink>
  )
}
