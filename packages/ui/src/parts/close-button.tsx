import { Icon } from './icon.tsx'

interface CloseButtonProps {
  readonly label: string
  readonly close: () => void
}

/** A cross that takes something away. */
export function CloseButton({ label, close }: CloseButtonProps) {
  return (
    <button type="button" className="button" data-look="bare" aria-label={label} onClick={close}>
      <Icon name="cross" />
    </button>
  )
}
