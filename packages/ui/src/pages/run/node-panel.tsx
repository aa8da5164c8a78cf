import type { NodeStatus, Workflow } from '@argosy/engine'
import { useMemo } from 'react'
import { nodePhase } from '../../format/phase.ts'
import { fold, type Shape } from '../../graph/fold.ts'
import type { Nodes } from '../../graph/owners.ts'
import { CloseButton } from '../../parts/close-button.tsx'
import { PhaseMark } from '../../parts/phase-mark.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { YamlBlock } from '../../parts/yaml-block.tsx'
import { attemptsOf, templateOf } from '../../state/pods.ts'
import { useParam } from '../../state/router.ts'
import { FoldMembers } from './fold-members.tsx'
import { NodeActions } from './node-actions.tsx'
import { NodeData } from './node-data.tsx'
import { NodeEvents } from './node-events.tsx'
import { NodeLog } from './node-log.tsx'
import { NodeSummary } from './node-summary.tsx'
import type { RunViewProps } from './run-view.ts'

interface NodePanelProps extends Omit<RunViewProps, 'selected'> {
  readonly run: Workflow
  readonly id: string
}

/** Beside the picture: everything about what was chosen in it. */
export function NodePanel({ run, nodes, id, select, now }: NodePanelProps) {
  const node = nodes[id]
  const folded = useMemo(() => (node ? undefined : foldOf(nodes, id)), [nodes, id, node])
  return (
    <aside className="panel" aria-label={node?.displayName ?? folded?.label ?? 'Step'}>
      <header className="row">
        <div className="grow panel-title">
          {node && <PhaseMark phase={nodePhase(node)} />}
          <h2>{node?.displayName ?? folded?.label ?? 'Not there'}</h2>
        </div>
        <CloseButton label="Close (Escape)" close={() => select(undefined)} />
      </header>
      {node && <OfNode run={run} node={node} nodes={nodes} select={select} now={now} />}
      {folded && <FoldMembers fold={folded} nodes={nodes} select={select} now={now} />}
      {!node && !folded && <p className="body quiet">This run has no such step (any more).</p>}
    </aside>
  )
}

function foldOf(nodes: Nodes, id: string): Shape | undefined {
  return fold(nodes, new Set()).shapes.find((shape) => shape.id === id)
}

const tabs = [
  { id: 'summary', title: 'Summary' },
  { id: 'logs', title: 'Logs' },
  { id: 'data', title: 'Inputs and outputs' },
  { id: 'events', title: 'Events' },
  { id: 'manifest', title: 'Manifest' },
] as const

interface OfNodeProps extends Omit<NodePanelProps, 'id'> {
  readonly node: NodeStatus
}

function OfNode({ run, node, nodes, select, now }: OfNodeProps) {
  const [name, setTab] = useParam('tab')
  const attempts = useMemo(() => attemptsOf(run, node), [run, node])
  const possible = tabs.filter(
    ({ id }) => attempts.length > 0 || (id !== 'logs' && id !== 'events'),
  )
  const tab = possible.find(({ id }) => id === name)?.id ?? 'summary'
  return (
    <>
      <NodeActions run={run} node={node} />
      <Tabs label="About the step" tabs={possible} chosen={tab} choose={setTab} />
      <div className="panel-body" role="tabpanel" aria-label={tab}>
        {tab === 'summary' && (
          <NodeSummary run={run} node={node} nodes={nodes} select={select} now={now} />
        )}
        {tab === 'logs' && <NodeLog run={run} node={node} attempts={attempts} />}
        {tab === 'data' && <NodeData run={run} node={node} />}
        {tab === 'events' && <NodeEvents run={run} attempts={attempts} />}
        {tab === 'manifest' && (
          <div className="body stack">
            <YamlBlock title="Status" value={node} />
            <YamlBlock title="Template" value={templateOf(run, node) ?? {}} />
          </div>
        )}
      </div>
    </>
  )
}
