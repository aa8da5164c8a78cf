import type { FlowShape } from '../../graph/flow-shape.ts'
import { ScrollText } from '../../parts/scroll-text.tsx'
import { FlowLinks } from './flow-links.tsx'
import type { FlowView } from './flow-view.ts'

interface EntrySummaryProps {
  readonly shape: FlowShape
  readonly view: FlowView
}

/** The address that events of a namespace are posted to. */
export function EntrySummary({ shape, view }: EntrySummaryProps) {
  const { namespace, id } = shape
  const url = new URL(`api/v1/events/${encodeURIComponent(namespace)}/push`, document.baseURI)
  const bindings = view.flow.edges.filter(({ from }) => from === id).map(({ to }) => to)
  return (
    <div className="body stack">
      <p>
        Whatever is posted here is shown to every event binding of {namespace}. The last part of the
        address is the event’s <code>discriminator</code>, its JSON the <code>payload</code>, its
        headers that begin with x- the <code>metadata</code>.
      </p>
      <section className="stack tight">
        <h3>From a program</h3>
        <ScrollText look="code" label="Command">
          {`curl -X POST ${url.href} \\\n  -H "Authorization: $ARGO_TOKEN" \\\n  -d '{"branch": "main"}'`}
        </ScrollText>
      </section>
      <FlowLinks title="Leads to" ids={bindings} view={view} />
    </div>
  )
}
