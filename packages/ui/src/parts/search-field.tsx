import type { ComponentProps, ReactNode } from 'react'
import { Icon } from './icon.tsx'

interface SearchFieldProps extends Omit<ComponentProps<'input'>, 'children' | 'onChange'> {
  readonly label: string
  readonly value: string
  readonly change: (text: string) => void
  /** What stands at the field: its choices, what is wrong with it. */
  readonly children?: ReactNode
}

/** A field for words to look for. */
export function SearchField({ label, change, children, ...input }: SearchFieldProps) {
  return (
    <div className="search">
      <Icon name="search" />
      <input
        className="input"
        type="search"
        aria-label={label}
        {...input}
        onChange={({ target }) => change(target.value)}
      />
      {children}
    </div>
  )
}
