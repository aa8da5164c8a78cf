import type { WorkflowEventBinding } from '@argosy/engine'
import { type SyntheticEvent, useId, useState } from 'react'
import { segments, send } from '../../http/api.ts'
import { Deed } from '../../parts/deed.tsx'
import { Icon } from '../../parts/icon.tsx'
import { tell } from '../../parts/toasts.tsx'
import { useRights } from '../../state/rights.ts'
import { creating } from '../../state/run-actions.ts'
import { type DraftEvent, payloadOf, type Verdict, verdictsOf } from '../../state/sent-event.ts'
import type { FlowView } from './flow-view.ts'

interface SendEventProps {
  readonly namespace: string
  readonly view: FlowView
}

/** Posts an event, as any program could; what the bindings will make of it is told before. */
export function SendEvent({ namespace, view }: SendEventProps) {
  const [discriminator, setDiscriminator] = useState('push')
  const [payload, setPayload] = useState('{\n  "branch": "main"\n}')
  const [isSending, setSending] = useState(false)
  const ids = useId()
  const draft = { namespace, discriminator, payload }
  const read = payloadOf(payload)
  const problem = 'problem' in read ? read.problem : undefined
  const isPlace = /^[^/?#]+$/.test(discriminator)
  const whyNot = useRights([{ namespace }])(creating, { namespace })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    setSending(true)
    void post(draft).finally(() => setSending(false))
  }
  return (
    <form className="body stack" onSubmit={submit}>
      <div className="field">
        <label htmlFor={`${ids}-where`}>Discriminator</label>
        <input
          id={`${ids}-where`}
          className="input"
          value={discriminator}
          aria-invalid={!isPlace}
          aria-describedby={`${ids}-where-about`}
          onChange={({ target }) => setDiscriminator(target.value)}
        />
        <span id={`${ids}-where-about`} className={isPlace ? 'hint' : 'wrong'}>
          {isPlace
            ? `POST /api/v1/events/${namespace}/${discriminator}`
            : 'A word without / ? and # is needed: it is the last part of the address'}
        </span>
      </div>
      <div className="field">
        <label htmlFor={`${ids}-what`}>Payload</label>
        <textarea
          id={`${ids}-what`}
          className="input"
          rows={8}
          spellCheck={false}
          value={payload}
          aria-invalid={problem !== undefined}
          aria-describedby={`${ids}-what-about`}
          onChange={({ target }) => setPayload(target.value)}
        />
        <span id={`${ids}-what-about`} className={problem ? 'wrong' : 'hint'}>
          {problem ?? 'JSON; nothing is null'}
        </span>
      </div>
      <Verdicts verdicts={verdictsOf(bindingsIn(view, namespace), draft)} />
      <div>
        <Deed
          look="main"
          type="submit"
          icon="send"
          disabled={isSending || problem !== undefined || !isPlace}
          whyNot={whyNot}
        >
          Send
        </Deed>
      </div>
    </form>
  )
}

function bindingsIn({ flow }: FlowView, namespace: string): readonly WorkflowEventBinding[] {
  return flow.shapes
    .filter((shape) => shape.genre === 'binding' && shape.namespace === namespace)
    .flatMap(({ object }) => (object ? [object as WorkflowEventBinding] : []))
}

async function post({ namespace, discriminator, payload }: DraftEvent): Promise<void> {
  const read = payloadOf(payload)
  if ('problem' in read) return
  try {
    await send('POST', `events/${segments(namespace, discriminator)}`, read.payload)
    tell('good', 'The event was taken')
  } catch (error) {
    tell('bad', error instanceof Error ? error.message : String(error))
  }
}

/** Bindings that need headers cannot be told from here: this page sends none. */
function Verdicts({ verdicts }: { readonly verdicts: readonly Verdict[] }) {
  return (
    <section className="stack tight">
      <h3>What the bindings will make of it</h3>
      <ul className="stack tight" aria-live="polite">
        {verdicts.map(({ binding, meant, refused }) => (
          <li key={binding} className="verdict" data-meant={meant}>
            <Icon name={refused ? 'warn' : meant ? 'check' : 'minus'} />
            <span>
              <b>{binding}</b> {refused ?? (meant ? 'means it: a run starts' : 'does not mean it')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
