import { type ReactNode, type SyntheticEvent, useEffect, useRef } from 'react'

interface AskProps {
  readonly title: string
  readonly yes: string
  readonly danger?: boolean
  /** Nothing is asked: there is only one way on. */
  readonly plain?: boolean
  readonly onYes: () => void
  readonly onClose: () => void
  readonly children?: ReactNode
}

/** A question in front of the page; Escape is no. */
export function Ask({
  title,
  yes,
  danger = false,
  plain = false,
  onYes,
  onClose,
  children,
}: AskProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    onYes()
    onClose()
  }
  return (
    <dialog ref={dialog} aria-label={title} onClose={onClose}>
      <form onSubmit={submit}>
        <h2>{title}</h2>
        {children}
        <div className="end">
          {!plain && (
            <button type="button" className="button" onClick={onClose}>
              Cancel
            </button>
          )}
          <button type="submit" className="button" data-look={danger ? 'danger' : 'main'}>
            {yes}
          </button>
        </div>
      </form>
    </dialog>
  )
}
