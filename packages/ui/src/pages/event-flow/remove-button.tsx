import { useState } from 'react'
import type { FlowShape } from '../../graph/flow-shape.ts'
import { segments, send } from '../../http/api.ts'
import { Ask } from '../../parts/ask.tsx'
import { Deed } from '../../parts/deed.tsx'
import { tell } from '../../parts/toasts.tsx'
import { useRights } from '../../state/rights.ts'

/** Takes away a source or a sensor. */
export function RemoveButton({ shape }: { readonly shape: FlowShape }) {
  const [asked, setAsked] = useState(false)
  const { genre, namespace, label } = shape
  const kind = genre === 'source' ? 'event-sources' : 'sensors'
  const path = `${kind}/${segments(namespace, label)}`
  const place = { namespace, name: label }
  const whyNot = useRights([place])([['delete', kind.replace('-', '')]], place)
  const remove = () =>
    void send('DELETE', path).then(
      () => tell('good', `${label} deleted`),
      (error: Error) => tell('bad', error.message),
    )
  return (
    <div className="bar">
      <Deed icon="trash" whyNot={whyNot} act={() => setAsked(true)}>
        Delete
      </Deed>
      {asked && (
        <Ask
          title={`Delete ${label}?`}
          yes="Delete"
          danger
          onYes={remove}
          onClose={() => setAsked(false)}
        >
          <p>Runs that it has led to stay.</p>
        </Ask>
      )}
    </div>
  )
}
