import type { WorkflowEventBinding } from '@argosy/engine'
import { type SyntheticEvent, useId, useState } from 'react'
import { Deed } from '../../parts/deed.tsx'
import { Icon } from '../../parts/icon.tsx'
import { tell } from '../../parts/toasts.tsx'
import { postEvent } from '../../state/post-event.ts'
import { useRights } from '../../state/rights.ts'
import { creating } from '../../state/run-actions.ts'
import {
  type DraftEvent,
  headersOf,
  payloadOf,
  type Verdict,
  verdictsOf,
} from '../../state/sent-event.ts'
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
  const [headers, setHeaders] = useState('')
  const draft = { namespace, discriminator, payload, headers }
  const payloadProblem = problemIn(payloadOf(payload))
  const headersProblem = problemIn(headersOf(headers))
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
      <LongField
        name="Payload"
        rows={7}
        value={payload}
        change={setPayload}
        problem={payloadProblem}
        hint="JSON; nothing is null"
      />
      <LongField
        name="Headers"
        rows={2}
        value={headers}
        change={setHeaders}
        problem={headersProblem}
        hint="As x-github-event: push, a line each; bindings read those that begin with x-"
      />
      <Verdicts verdicts={verdictsOf(bindingsIn(view, namespace), draft)} />
      <div>
        <Deed
          look="main"
          type="submit"
          icon="send"
          disabled={isSending || !isPlace || (payloadProblem ?? headersProblem) !== undefined}
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

async function post(draft: DraftEvent): Promise<void> {
  try {
    await postEvent(draft)
    tell('good', 'The event was taken')
  } catch (error) {
    tell('bad', error instanceof Error ? error.message : String(error))
  }
}

const problemIn = (read: object) =>
  'problem' in read && typeof read.problem === 'string' ? read.problem : undefined

interface LongFieldProps {
  readonly name: string
  readonly rows: number
  readonly value: string
  readonly change: (text: string) => void
  readonly problem: string | undefined
  readonly hint: string
}

function LongField({ name, rows, value, change, problem, hint }: LongFieldProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{name}</label>
      <textarea
        id={id}
        className="input"
        rows={rows}
        spellCheck={false}
        value={value}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-about`}
        onChange={({ target }) => change(target.value)}
      />
      <span id={`${id}-about`} className={problem ? 'wrong' : 'hint'}>
        {problem ?? hint}
      </span>
    </div>
  )
}

/** By the same rules as the server's. */
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
