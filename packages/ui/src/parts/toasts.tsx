import { useSyncExternalStore } from 'react'
import { type Connection, connection } from '../http/connection.ts'
import { observable, useSelected } from '../state/observable.ts'
import { CloseButton } from './close-button.tsx'
import { Icon } from './icon.tsx'

interface Toast {
  readonly id: number
  readonly tone: 'good' | 'bad'
  readonly text: string
}

const toasts = observable<readonly Toast[]>([])
let last = 0

/** Tells the reader what became of something; bad news stays until it is dismissed. */
export function tell(tone: Toast['tone'], text: string): void {
  const id = ++last
  toasts.update((list) => [...list.slice(-3), { id, tone, text }])
  if (tone === 'good') window.setTimeout(() => dismiss(id), 5000)
}

function dismiss(id: number): void {
  toasts.update((list) => list.filter((one) => one.id !== id))
}

const answersOf = ({ answers }: Connection) => answers

export function Toasts() {
  const list = useSyncExternalStore(toasts.subscribe, toasts.get)
  const answers = useSelected(connection, answersOf)
  return (
    <div className="toasts" role="status" aria-live="polite">
      {!answers && (
        <div className="notice silence" data-tone="warn">
          <Icon name="warn" />
          <span className="grow">
            The server does not answer. What is shown may be old; it is asked again by itself.
          </span>
        </div>
      )}
      {list.map(({ id, tone, text }) => (
        <div key={id} className="notice" data-tone={tone}>
          <Icon name={tone === 'good' ? 'check' : 'warn'} />
          <span className="grow">{text}</span>
          <CloseButton label="Dismiss" close={() => dismiss(id)} />
        </div>
      ))}
    </div>
  )
}
