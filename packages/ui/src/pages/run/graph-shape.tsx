import type { NodeStatus } from '@argosy/engine'
import { memo } from 'react'
import { nodePhase, type Phase } from '../../format/phase.ts'
import { lasted } from '../../format/time.ts'
import { type Shape, tally } from '../../graph/fold.ts'
import { box, type Placed } from '../../graph/layout.ts'
import { Icon } from '../../parts/icon.tsx'
import { phaseIcon } from '../../parts/phase-mark.tsx'
import type { RunViewProps } from './run-view.ts'

interface GraphShapeProps extends Omit<RunViewProps, 'selected'> {
  readonly shape: Shape
  readonly place: Placed
  readonly chosen: boolean
  readonly reachable: boolean
  readonly toggle: (id: string) => void
}

/** One box of the graph: a step, or a folded loop with its counts. */
export const GraphShape = memo(function GraphShape(props: GraphShapeProps) {
  const { shape, place, nodes, chosen, reachable, select, toggle, now } = props
  const { id, kind, phase, label, members } = shape
  const counts = kind === 'fold' ? tally(members, nodes) : []
  const node = nodes[id]
  return (
    <div
      className="shape"
      style={{ left: place.x, top: place.y, width: box.width, height: box.height }}
    >
      <button
        type="button"
        id={`shape-${id}`}
        data-id={id}
        className={`node ${kind}`}
        data-phase={phase}
        data-type={node?.type}
        aria-pressed={chosen}
        title={node?.message ? `${label}\n${node.message}` : label}
        tabIndex={reachable ? 0 : -1}
        onClick={() => select(id)}
      >
        <Icon name={phaseIcon[phase]} />
        <span className="node-label">{label}</span>
        <span className="unseen">: {wordsOf(phase, counts)}, </span>
        {kind === 'fold' && <span className="node-count">×{members.length}</span>}
        {kind === 'node' && node && <Duration node={node} now={now} />}
      </button>
      {counts.length > 0 && <Shares counts={counts} total={members.length} />}
      {shape.toggle !== undefined && (
        <button
          type="button"
          className="fold-toggle"
          tabIndex={reachable ? 0 : -1}
          aria-label={shape.folded ? `Unfold ${label}` : `Fold ${label}`}
          aria-expanded={!shape.folded}
          onClick={() => toggle(shape.toggle ?? '')}
        >
          <Icon name={shape.folded ? 'plus' : 'minus'} />
        </button>
      )}
    </div>
  )
})

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
