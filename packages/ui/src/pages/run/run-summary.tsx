import type { Workflow } from '@argosy/engine'
import { exactTime } from '../../format/time.ts'
import { Labels } from '../../parts/labels.tsx'
import { Link } from '../../parts/link.tsx'
import { ParametersTable } from '../../parts/parameters-table.tsx'
import { YamlBlock } from '../../parts/yaml-block.tsx'

/** Everything about the run as a whole. */
export function RunSummary({ run }: { readonly run: Workflow }) {
  const { metadata, spec, status } = run
  return (
    <div className="body stack">
      <h2 className="unseen">Summary</h2>
      <dl className="facts">
        <dt>Name</dt>
        <dd>{metadata.name}</dd>
        <dt>UID</dt>
        <dd className="mono">{metadata.uid}</dd>
        <dt>Created</dt>
        <dd>{exactTime(metadata.creationTimestamp)}</dd>
        <dt>Started</dt>
        <dd>{exactTime(status?.startedAt)}</dd>
        <dt>Finished</dt>
        <dd>{exactTime(status?.finishedAt)}</dd>
        {status?.message && (
          <>
            <dt>Message</dt>
            <dd>{status.message}</dd>
          </>
        )}
        {spec.workflowTemplateRef && (
          <>
            <dt>Made from</dt>
            <dd>
              <Link
                to={
                  spec.workflowTemplateRef.clusterScope
                    ? `cluster-workflow-templates/${spec.workflowTemplateRef.name}`
                    : `workflow-templates/${metadata.namespace}/${spec.workflowTemplateRef.name}`
                }
              >
                {spec.workflowTemplateRef.name}
              </Link>
            </dd>
          </>
        )}
        <dt>Labels</dt>
        <dd>
          <Labels labels={metadata.labels ?? {}} />
        </dd>
      </dl>
      <ParametersTable title="Parameters" parameters={spec.arguments?.parameters ?? []} />
      <ParametersTable title="Global outputs" parameters={status?.outputs?.parameters ?? []} />
      {(status?.conditions ?? []).length > 0 && (
        <section className="stack">
          <h3>Conditions</h3>
          <dl className="facts">
            {(status?.conditions ?? []).flatMap(({ type, status: value, message }) => [
              <dt key={type}>{type}</dt>,
              <dd key={`${type} value`}>
                {value} {message}
              </dd>,
            ])}
          </dl>
        </section>
      )}
      <YamlBlock title="Manifest" value={{ ...run, status: undefined }} />
    </div>
  )
}
