import type { Workflow } from '@argosy/engine'
import { useState } from 'react'
import { runPhase } from '../../format/phase.ts'
import { exactTime, lasted, relativeTime } from '../../format/time.ts'
import { Ask } from '../../parts/ask.tsx'
import { Deed } from '../../parts/deed.tsx'
import { Link } from '../../parts/link.tsx'
import { PhaseMark } from '../../parts/phase-mark.tsx'
import { Prose } from '../../parts/prose.tsx'
import type { LiveRun } from '../../state/live-run.ts'
import { useRights } from '../../state/rights.ts'
import { placeOf, type RunAction, runActions } from '../../state/run-actions.ts'
import { LiveMark } from '../runs/live-mark.tsx'
import { perform } from './perform.ts'
import { ResubmitDialog } from './resubmit-dialog.tsx'

interface RunHeaderProps {
  readonly run: Workflow
  readonly live: LiveRun
  readonly now: number
}

/** What it is, how it stands, and what can be done with it. */
export function RunHeader({ run, live, now }: RunHeaderProps) {
  const { name = '', namespace = '', annotations = {} } = run.metadata
  const { startedAt, finishedAt, progress } = run.status ?? {}
  const description = annotations['workflows.argoproj.io/description']
  return (
    <header className="run-header">
      <div className="run-title">
        <p className="quiet">
          <Link to="workflows">Runs</Link> / <Link to={`workflows/${namespace}`}>{namespace}</Link>
        </p>
        <h1>
          <Prose text={annotations['workflows.argoproj.io/title'] ?? name} />
        </h1>
        {description && (
          <p className="quiet">
            <Prose text={description} />
          </p>
        )}
      </div>
      <dl className="headline">
        <div>
          <dt>Phase</dt>
          <dd>
            <PhaseMark phase={runPhase(run)} {...(run.spec.suspend && { word: 'Suspended' })} />
          </dd>
        </div>
        <div>
          <dt>Progress</dt>
          <dd>{progress ?? '–'}</dd>
        </div>
        <div>
          <dt>Started</dt>
          <dd title={exactTime(startedAt)}>{relativeTime(startedAt, now)}</dd>
        </div>
        <div>
          <dt>Duration</dt>
          <dd>{lasted(startedAt, finishedAt, now)}</dd>
        </div>
      </dl>
      <span className="grow" />
      <LiveMark health={live.health} />
      <Actions run={run} />
    </header>
  )
}

function Actions({ run }: { readonly run: Workflow }) {
  const [asked, setAsked] = useState<RunAction>()
  const place = placeOf(run)
  const whyNot = useRights([place])
  const choose = (action: RunAction) => {
    if (action.question === undefined && action.name !== 'resubmit') void perform(action, run)
    else setAsked(action)
  }
  return (
    <div className="row">
      {runActions
        .filter((action) => action.suits(run))
        .map((action) => (
          <Deed
            key={action.name}
            icon={action.icon}
            whyNot={whyNot(action.needs, place)}
            act={() => choose(action)}
          >
            {action.title}
          </Deed>
        ))}
      {asked?.name === 'resubmit' && (
        <ResubmitDialog run={run} onClose={() => setAsked(undefined)} />
      )}
      {asked?.question && (
        <Ask
          title={`${asked.title} ${run.metadata.name}?`}
          yes={asked.title}
          danger
          onClose={() => setAsked(undefined)}
          onYes={() => void perform(asked, run)}
        >
          <p>{asked.question}</p>
        </Ask>
      )}
    </div>
  )
}
