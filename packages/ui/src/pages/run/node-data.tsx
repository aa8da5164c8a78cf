import type { Artifact, NodeStatus, Workflow } from '@argosy/engine'
import { useState } from 'react'
import { segments } from '../../http/api.ts'
import { Icon } from '../../parts/icon.tsx'
import { ParametersTable } from '../../parts/parameters-table.tsx'
import { ArtifactPreview } from './artifact-preview.tsx'

interface NodeDataProps {
  readonly run: Workflow
  readonly node: NodeStatus
}

/** What went in and what came out. */
export function NodeData({ run, node }: NodeDataProps) {
  const { inputs = {}, outputs = {} } = node
  const result = outputs.result === undefined ? [] : [{ name: 'result', value: outputs.result }]
  const given = [...(outputs.parameters ?? []), ...result]
  const count = [inputs.parameters, inputs.artifacts, given, outputs.artifacts].reduce(
    (sum, list) => sum + (list?.length ?? 0),
    0,
  )
  return (
    <div className="body stack">
      {count === 0 && <p className="quiet">It takes nothing in and gives nothing out.</p>}
      <ParametersTable title="Input parameters" parameters={inputs.parameters ?? []} />
      <Artifacts run={run} node={node} side="inputs" artifacts={inputs.artifacts ?? []} />
      <ParametersTable title="Output parameters" parameters={given} />
      <Artifacts run={run} node={node} side="outputs" artifacts={outputs.artifacts ?? []} />
    </div>
  )
}

interface ArtifactsProps extends NodeDataProps {
  readonly side: 'inputs' | 'outputs'
  readonly artifacts: readonly Artifact[]
}

function Artifacts({ run, node, side, artifacts }: ArtifactsProps) {
  if (artifacts.length === 0) return null
  const { namespace = '', name = '' } = run.metadata
  const root = side === 'inputs' ? 'input-artifacts' : 'artifacts'
  return (
    <section className="stack tight">
      <h3>{side === 'inputs' ? 'Input artifacts' : 'Output artifacts'}</h3>
      <ul className="stack tight">
        {artifacts.map((artifact) => (
          <OneArtifact
            key={artifact.name}
            artifact={artifact}
            href={`${root}/${segments(namespace, name, node.id, artifact.name)}`}
          />
        ))}
      </ul>
    </section>
  )
}

function OneArtifact({ artifact, href }: { readonly artifact: Artifact; readonly href: string }) {
  const [shown, setShown] = useState(false)
  const { name, path, deleted } = artifact
  return (
    <li className="stack tight">
      <div className="row">
        <b>{name}</b>
        {deleted ? (
          <span className="quiet">deleted</span>
        ) : (
          <>
            <button
              type="button"
              className="button"
              data-look="bare"
              aria-expanded={shown}
              onClick={() => setShown(!shown)}
            >
              {shown ? 'Hide' : 'Show'}
              <span className="unseen">{name}</span>
            </button>
            <a className="button" data-look="bare" href={href} download>
              <Icon name="down" />
              Download
              <span className="unseen">{name}</span>
            </a>
          </>
        )}
        <span className="quiet mono">{path}</span>
      </div>
      {shown && <ArtifactPreview name={name} href={href} />}
    </li>
  )
}
