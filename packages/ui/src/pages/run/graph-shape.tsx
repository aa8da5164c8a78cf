import type { NodeStatus } from '@argosy/engine'
import { memo } from 'react'
import { nodePhase, type Phase } from '../../format/phase.ts'
import { lasted } from '../../format/time.ts'
import { type Shape, tally } from '../../graph/fold.ts'
import { GraphBox } from '../../parts/graph-box.tsx'
import type { BoxProps } from '../../parts/graph-picture.tsx'
import { Icon } from '../../parts/icon.tsx'
import { phaseIcon } from '../../parts/phase-mark.tsx'
import type { RunViewProps } from './run-view.ts'

interface GraphShapeProps extends BoxProps<Shape>, Omit<RunViewProps, 'selected'> {
  readonly toggle: (id: string) => void
}

/** One box of the graph: a step, or a folded loop with its counts. */
export const GraphShape = memo(function GraphShape(props: GraphShapeProps) {
  const { nodes, select, toggle, now, ...box } = props
  const { shape, reachable } = box
  const { id, kind, phase, label, members } = shape
  const counts = kind === 'fold' ? tally(members, nodes) : []
  const node = nodes[id]
  return (
    <GraphBox
      {...box}
      className={kind}
      title={node?.message ? `${label}\n${node.message}` : label}
      marks={{ 'data-type': node?.type }}
      select={() => select(id)}
      beside={
        <>
          {counts.length > 0 && <Shares counts={counts} total={members.length} />}
          <FoldToggle shape={shape} reachable={reachable} toggle={toggle} />
        </>
      }
    >
      <Icon name={phaseIcon[phase]} />
      <span className="node-label">{label}</span>
      <span className="unseen">: {wordsOf(phase, counts)}, </span>
      {kind === 'fold' && <span className="node-count">×{members.length}</span>}
      {kind === 'node' && node && <Duration node={node} now={now} />}
    </GraphBox>
  )
})

function FoldToggle({
  shape,
  reachable,
  toggle,
}: Pick<GraphShapeProps, 'shape' | 'reachable' | 'toggle'>) {
  const { folded, label, toggle: id } = shape
  if (id === undefined) return null
  return (
    <button
      type="button"
      className="fold-toggle"
      tabIndex={reachable ? 0 : -1}
      aria-label={folded ? `Unfold ${label}` : `Fold ${label}`}
      aria-expanded={!folded}
      onClick={() => toggle(id)}
    >
      <Icon name={folded ? 'plus' : 'minus'} />
    </button>
  )
}

function Duration({ node, now }: { readonly node: NodeStatus; readonly now: number }) {
  if (!node.startedAt || nodePhase(node) === 'Omitted' || nodePhase(node) === 'Skipped') return null
  return <span className="node-time">{lasted(node.startedAt, node.finishedAt, now)}</span>
}

type Counts = readonly (readonly [Phase, number])[]

function Shares({ counts, total }: { readonly counts: Counts; readonly total: number }) {
  return (
    <span className="shares" aria-hidden="true">
      {counts.map(([phase, count]) => (
        <span key={phase} data-phase={phase} style={{ width: `${(count / total) * 100}%` }} />
      ))}
    </span>
  )
}

function wordsOf(phase: Phase, counts: Counts): string {
  if (counts.length === 0) return phase
  return counts.map(([one, count]) => `${count} ${one}`).join(', ')
}
