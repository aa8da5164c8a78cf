import type { NodeStatus, Workflow } from '@argosy/engine'
import { nodePhase } from '../../format/phase.ts'
import { exactTime, formatDuration, lasted } from '../../format/time.ts'
import { ownerChain, ownersOf } from '../../graph/owners.ts'
import { Fact } from '../../parts/fact.tsx'
import { Icon } from '../../parts/icon.tsx'
import { PhaseMark } from '../../parts/phase-mark.tsx'
import { attemptsOf, podOf } from '../../state/pods.ts'
import type { RunViewProps } from './run-view.ts'

interface NodeSummaryProps extends Omit<RunViewProps, 'selected'> {
  readonly run: Workflow
  readonly node: NodeStatus
}

/** What the step is and how it went. */
export function NodeSummary({ run, node, nodes, select, now }: NodeSummaryProps) {
  const owners = ownerChain(ownersOf(nodes), node.id).flatMap((id) => nodes[id] ?? [])
  const attempts = attemptsOf(run, node)
  return (
    <div className="body stack">
      {node.message && (
        <p
          className="notice"
          data-tone={node.phase === 'Failed' || node.phase === 'Error' ? 'bad' : 'plain'}
        >
          <Icon name="warn" />
          <span>{node.message}</span>
        </p>
      )}
      <dl className="facts">
        {factsOf(run, node, now).map(([title, value]) => (
          <Fact key={title} name={title}>
            {value}
          </Fact>
        ))}
      </dl>
      {node.type === 'Retry' && attempts.length > 0 && (
        <section className="stack tight">
          <h3>Attempts</h3>
          <NodeLinks list={attempts} select={select} />
        </section>
      )}
      {owners.length > 0 && (
        <section className="stack tight">
          <h3>Belongs to</h3>
          <NodeLinks list={owners} select={select} />
        </section>
      )}
    </div>
  )
}

function factsOf(
  run: Workflow,
  node: NodeStatus,
  now: number,
): readonly (readonly [string, string])[] {
  const memo = node.memoizationStatus
  const pod = node.type === 'Pod' ? podOf(run, node) : undefined
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Type', node.type],
    [
      'Template',
      node.templateRef
        ? `${node.templateRef.name} / ${node.templateRef.template}`
        : node.templateName,
    ],
    ['Started', exactTime(node.startedAt)],
    ['Finished', node.finishedAt ? exactTime(node.finishedAt) : undefined],
    ['Duration', lasted(node.startedAt, node.finishedAt, now)],
    [
      'Estimated',
      node.estimatedDuration ? formatDuration(node.estimatedDuration * 1000) : undefined,
    ],
    ['Progress', node.progress],
    ['Exit code', node.outputs?.exitCode],
    ['Pod', pod],
    ['Host', node.hostNodeName],
    ['Waits for', node.synchronizationStatus?.waiting],
    ['Memoized', memo && `${memo.hit ? 'taken from' : 'kept in'} ${memo.cacheName} (${memo.key})`],
    ['Used', resources(node.resourcesDuration)],
    ['Id', node.id],
    ['Full name', node.name],
  ]
  return facts.flatMap(([title, value]) => (value ? [[title, value] as const] : []))
}

function resources(used: NodeStatus['resourcesDuration']): string | undefined {
  return (
    used &&
    Object.entries(used)
      .map(([name, seconds]) => `${formatDuration(seconds * 1000)} × ${name}`)
      .join(', ')
  )
}

interface NodeLinksProps {
  readonly list: readonly NodeStatus[]
  readonly select: (id: string) => void
}

function NodeLinks({ list, select }: NodeLinksProps) {
  return (
    <ul className="stack tight">
      {list.map((one) => (
        <li key={one.id} className="row">
          <button type="button" className="as-link" onClick={() => select(one.id)}>
            <PhaseMark phase={nodePhase(one)} word={one.displayName} />
          </button>
          {one.message && <span className="quiet">{one.message}</span>}
        </li>
      ))}
    </ul>
  )
}
