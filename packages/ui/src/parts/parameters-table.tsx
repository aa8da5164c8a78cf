import type { Parameter } from '@argosy/engine'
import { ScrollText } from './scroll-text.tsx'

interface ParametersTableProps {
  readonly title: string
  readonly parameters: readonly Parameter[]
}

/** Names and values; nothing when there is none. */
export function ParametersTable({ title, parameters }: ParametersTableProps) {
  if (parameters.length === 0) return null
  return (
    <section className="stack tight">
      <h3>{title}</h3>
      <dl className="facts named">
        {parameters.flatMap(({ name, value, default: fallback, description, enum: values }) => [
          <dt key={name}>{name}</dt>,
          <dd key={`${name} value`}>
            <Value name={name} text={value ?? fallback} />
            {values && <p className="quiet">one of {values.join(', ')}</p>}
            {description && <p className="quiet">{description}</p>}
          </dd>,
        ])}
      </dl>
    </section>
  )
}

function Value({ name, text }: { readonly name: string; readonly text: string | undefined }) {
  if (text === undefined) return <span className="quiet">no value yet</span>
  if (text === '') return <span className="quiet">empty</span>
  if (text.length <= 80 && !text.includes('\n')) return <code>{text}</code>
  return (
    <ScrollText look="value" label={name}>
      {text}
    </ScrollText>
  )
}
