import type { Workflow } from '@argosy/engine'
import { useDeferredValue, useMemo, useRef } from 'react'
import { hasFailed, isOver, runPhase } from '../../format/phase.ts'
import { Blank } from '../../parts/blank.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Link } from '../../parts/link.tsx'
import { Unreadable } from '../../parts/unreadable.tsx'
import { useEscape } from '../../parts/use-escape.ts'
import { useNow } from '../../parts/use-now.ts'
import { type LiveRun, liveRun } from '../../state/live-run.ts'
import { useValue } from '../../state/observable.ts'
import { useParam } from '../../state/router.ts'
import { useLive } from '../../state/use-live.ts'
import { FailureCard } from './failure-card.tsx'
import { GraphView } from './graph-view.tsx'
import { NodePanel } from './node-panel.tsx'
import { NodesTable } from './nodes-table.tsx'
import { RunHeader } from './run-header.tsx'
import { RunSummary } from './run-summary.tsx'
import { TimelineView } from './timeline-view.tsx'
import { WaitingCard } from './waiting-card.tsx'

interface RunPageProps {
  readonly namespace: string
  readonly name: string
}

/** One run: what became of it, and every step of it. */
export function RunPage({ namespace, name }: RunPageProps) {
  const [uid] = useParam('uid')
  const live = useLive(`${namespace}/${name}/${uid}`, () => liveRun(namespace, name, uid))
  return live ? (
    <Found {...{ live, name, namespace }} />
  ) : (
    <div className="scroller" aria-busy="true" />
  )
}

function Found({ live, name, namespace }: RunPageProps & { readonly live: LiveRun }) {
  // Drawing ten thousand steps takes longer than the next news: what is overtaken is not drawn.
  const run = useDeferredValue(useValue(live.run))
  const { error } = useValue(live.health)
  if (run) return <Run run={run} live={live} />
  if (run === undefined && !error) return <div className="scroller" aria-busy="true" />
  if (run === undefined && error) {
    return <Unreadable alone what={`run ${name}`} error={error} namespace={namespace} />
  }
  return (
    <Blank alone title={`There is no run ${name}`}>
      <p>It may have been deleted, and the archive does not have it.</p>
      <Link to="workflows" className="button">
        All runs
      </Link>
    </Blank>
  )
}

const views = [
  { id: 'graph', title: 'Graph' },
  { id: 'timeline', title: 'Timeline' },
  { id: 'table', title: 'Table' },
  { id: 'summary', title: 'Summary' },
] as const

function Run({ run, live }: { readonly run: Workflow; readonly live: LiveRun }) {
  const [viewName, setView] = useParam('view')
  const [selected, select] = useParam('nodeId')
  const nodes = useMemo(() => run.status?.nodes ?? {}, [run])
  const phase = runPhase(run)
  const now = useNow(!isOver(phase))
  const view = views.find(({ id }) => id === viewName)?.id ?? 'graph'
  const place = useRef<HTMLDivElement>(null)
  useEscape(() => {
    if (!selected) return
    select(undefined)
    place.current
      ?.querySelector<HTMLElement>('[data-chosen="true"] a, [aria-pressed="true"]')
      ?.focus()
  })
  const common = { nodes, selected, select, now }
  return (
    <>
      <RunHeader run={run} live={live} now={now} />
      <Deleted live={live} run={run} />
      {hasFailed(phase) && !selected && <FailureCard run={run} nodes={nodes} select={select} />}
      {!isOver(phase) && !selected && <WaitingCard run={run} select={select} />}
      <nav className="bar" aria-label="View">
        <div className="segments">
          {views.map(({ id, title }) => (
            <button key={id} type="button" aria-pressed={id === view} onClick={() => setView(id)}>
              {title}
            </button>
          ))}
        </div>
      </nav>
      <div className="split" data-panel={selected !== undefined} ref={place}>
        {view === 'graph' && <GraphView {...common} />}
        {view === 'timeline' && <TimelineView {...common} />}
        {view === 'table' && <NodesTable {...common} />}
        {view === 'summary' && <RunSummary run={run} />}
        {selected !== undefined && (
          <NodePanel
            key={selected}
            run={run}
            nodes={nodes}
            id={selected}
            select={select}
            now={now}
          />
        )}
      </div>
    </>
  )
}

/** Somebody has deleted what is being looked at: it stays as it was seen last. */
function Deleted({ live, run }: { readonly live: LiveRun; readonly run: Workflow }) {
  const isDeleted = useValue(live.isDeleted)
  if (!isDeleted) return null
  return (
    <p className="notice strip-notice" data-tone="warn" role="status">
      <Icon name="trash" />
      <span>
        This run was deleted. This is how it was seen last
        {isOver(runPhase(run)) ? '; the archive may have it.' : '.'}
      </span>
    </p>
  )
}
