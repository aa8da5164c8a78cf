import type { WorkflowEventBinding } from '@argosy/engine'
import { exactTime } from '../../format/time.ts'
import type { FlowShape } from '../../graph/flow-shape.ts'
import { segments } from '../../http/api.ts'
import { Fact } from '../../parts/fact.tsx'
import { Link } from '../../parts/link.tsx'
import { ScrollText } from '../../parts/scroll-text.tsx'

/** A binding: which events it means, and what it starts of them. */
export function BindingSummary({ shape }: { readonly shape: FlowShape }) {
  const { metadata, spec } = shape.object as WorkflowEventBinding
  const submit = spec?.submit
  const parameters = submit?.arguments?.parameters ?? []
  return (
    <div className="body stack">
      <section className="stack tight">
        <h3>Means an event when</h3>
        <ScrollText look="code" label="Selector">
          {spec?.event?.selector || 'it says of no event that it means it'}
        </ScrollText>
      </section>
      <dl className="facts">
        <Fact name="Then starts">
          {submit ? <Template submit={submit} namespace={shape.namespace} /> : 'nothing'}
        </Fact>
      </dl>
      {parameters.length > 0 && (
        <section className="stack tight">
          <h3>With these parameters</h3>
          <dl className="facts named">
            {parameters.map(({ name, valueFrom }) => (
              <Fact key={name} name={name}>
                <code>{valueFrom?.event ?? '–'}</code>
              </Fact>
            ))}
          </dl>
        </section>
      )}
      <dl className="facts">
        <Fact name="Namespace">{shape.namespace}</Fact>
        <Fact name="Created">{exactTime(metadata.creationTimestamp)}</Fact>
      </dl>
    </div>
  )
}

interface TemplateProps {
  readonly submit: NonNullable<WorkflowEventBinding['spec']['submit']>
  readonly namespace: string
}

function Template({ submit, namespace }: TemplateProps) {
  const { name = '', clusterScope = false } = submit.workflowTemplateRef ?? {}
  const path = clusterScope
    ? `cluster-workflow-templates/${segments(name)}`
    : `workflow-templates/${segments(namespace, name)}`
  return (
    <>
      <Link to={path}>{name}</Link>
      <span className="quiet"> {clusterScope ? 'cluster template' : 'template'}</span>
    </>
  )
}
