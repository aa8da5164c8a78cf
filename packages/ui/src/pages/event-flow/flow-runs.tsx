import { runPhase } from '../../format/phase.ts'
import { relativeTime } from '../../format/time.ts'
import { Link } from '../../parts/link.tsx'
import { PhaseMark } from '../../parts/phase-mark.tsx'
import { runPath } from '../../state/routes.ts'
import type { FlowView } from './flow-view.ts'
import { runsPath } from './runs-path.ts'

interface FlowRunsProps {
  readonly maker: string
  readonly view: FlowView
}

const most = 50

/** The newest runs of a trigger or a binding, as they come. */
export function FlowRuns({ maker, view }: FlowRunsProps) {
  const runs = view.runs.get(maker) ?? []
  return (
    <div className="body stack">
      {runs.length === 0 && <p className="quiet">It has not made a run that is still there.</p>}
      <ul className="stack tight">
        {runs.slice(0, most).map((run) => {
          const { name = '', namespace = '', uid } = run.metadata
          return (
            <li key={uid} className="row">
              <PhaseMark phase={runPhase(run)} />
              <Link to={runPath(namespace, name)}>{name}</Link>
              <span className="quiet">
                {relativeTime(run.status?.startedAt ?? run.metadata.creationTimestamp, view.now)}
              </span>
            </li>
          )
        })}
      </ul>
      {runs.length > 0 && (
        <p>
          <Link to={runsPath(maker)}>All of them, also the archived ones</Link>
        </p>
      )}
    </div>
  )
}
