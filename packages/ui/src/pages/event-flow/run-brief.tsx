import type { Workflow } from '@argosy/engine'
import { runPhase } from '../../format/phase.ts'
import { exactTime, lasted } from '../../format/time.ts'
import type { FlowShape } from '../../graph/flow-shape.ts'
import { Fact } from '../../parts/fact.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Link } from '../../parts/link.tsx'
import { PhaseMark } from '../../parts/phase-mark.tsx'
import { runPath } from '../../state/routes.ts'
import { FlowLinks } from './flow-links.tsx'
import type { FlowView } from './flow-view.ts'

interface RunBriefProps {
  readonly shape: FlowShape
  readonly view: FlowView
}

/** A run that an event has made, in short; its own page has the rest. */
export function RunBrief({ shape, view }: RunBriefProps) {
  const run = shape.object as Workflow
  const { startedAt, finishedAt, message } = run.status ?? {}
  const makers = view.flow.edges.filter(({ to }) => to === shape.id).map(({ from }) => from)
  return (
    <div className="body stack">
      <p>
        <Link to={runPath(shape.namespace, shape.label)} className="button">
          <Icon name="list" />
          Open the run
        </Link>
      </p>
      <dl className="facts">
        <Fact name="Phase">
          <PhaseMark phase={runPhase(run)} />
        </Fact>
        {message && <Fact name="Message">{message}</Fact>}
        <Fact name="Started">{exactTime(startedAt)}</Fact>
        <Fact name="Duration">{lasted(startedAt, finishedAt, view.now)}</Fact>
      </dl>
      <FlowLinks title="Made by" ids={makers} view={view} />
    </div>
  )
}
