import { type SyntheticEvent, useState } from 'react'
import { managedNamespace } from '../state/access.ts'
import { navigate, usePlace } from '../state/router.ts'

interface NamespacePickerProps {
  readonly page: string
  readonly namespace: string
}

/** Which namespace a list is of; nothing is all of them. A server that manages one has no choice to offer. */
export function NamespacePicker({ page, namespace }: NamespacePickerProps) {
  const managed = managedNamespace()
  const { search } = usePlace()
  const [text, setText] = useState(namespace)
  const go = (event: SyntheticEvent) => {
    event.preventDefault()
    const name = text.trim()
    if (name !== namespace) navigate((name ? `${page}/${encodeURIComponent(name)}` : page) + search)
  }
  if (managed) return <span className="tag">{managed}</span>
  return (
    <form onSubmit={go} className="namespace">
      <input
        className="input"
        aria-label="Namespace"
        placeholder="all namespaces"
        value={text}
        onChange={({ target }) => setText(target.value)}
        onBlur={go}
      />
    </form>
  )
}
