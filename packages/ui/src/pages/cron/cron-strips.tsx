import type { CronWorkflow, Workflow } from '@argosy/engine'
import { useMemo } from 'react'
import { exactTime, relativeTime } from '../../format/time.ts'
import { segments } from '../../http/api.ts'
import { Icon } from '../../parts/icon.tsx'
import { Link } from '../../parts/link.tsx'
import { useNow } from '../../parts/use-now.ts'
import { type LiveRuns, liveRuns } from '../../state/live-runs.ts'
import { observable, useValue } from '../../state/observable.ts'
import { runPath } from '../../state/routes.ts'
import { noRuns } from '../../state/run-list.ts'
import type { Stored } from '../../state/submission.ts'
import { nextDue, type Tick, thinned, ticksOf } from '../../state/ticks.ts'
import { useLive } from '../../state/use-live.ts'

interface CronStripsProps {
  readonly crons: readonly Stored[]
  readonly namespace: string
}

const day = 86_400_000
/** On a strip of two days they cannot be told from each other. */
const nearMs = 600_000
const label = 'workflows.argoproj.io/cron-workflow'

/** A strip of time for each schedule, from yesterday to tomorrow: what ran, what was missed, what is due. */
export function CronStrips({ crons, namespace }: CronStripsProps) {
  const now = Math.floor(useNow() / 30_000) * 30_000
  const only = crons.length === 1 ? crons[0]?.metadata.name : undefined
  const selector = only === undefined ? label : `${label}=${only}`
  const live = useLive(`${namespace} ${selector}`, () => liveRuns(namespace, selector))
  const runs = useRunsOf(live)
  return (
    <section className="strips" aria-label="Calendar of ticks">
      <div className="strip-axis" aria-hidden="true">
        {[-24, -18, -12, -6, 0, 6, 12, 18].map((hours) => (
          <span key={hours} style={{ left: `${((hours + 24) / 48) * 100}%` }}>
            {hours === 0 ? 'now' : `${hours > 0 ? '+' : '−'}${Math.abs(hours)}h`}
          </span>
        ))}
      </div>
      <ul>
        {crons.map((stored) => {
          const cron = stored as CronWorkflow
          const own = runs.get(`${cron.metadata.namespace}/${cron.metadata.name}`) ?? none
          return <Strip key={cron.metadata.uid} cron={cron} runs={own} now={now} />
        })}
      </ul>
    </section>
  )
}

const none: readonly Workflow[] = []
const nothing = observable(noRuns)

/** The runs of each schedule, by its namespace and name, as they come. */
function useRunsOf(live: LiveRuns | undefined): ReadonlyMap<string, readonly Workflow[]> {
  const list = useValue(live?.list ?? nothing)
  return useMemo(
    () =>
      Map.groupBy(
        list.runs.values(),
        ({ metadata }) => `${metadata.namespace}/${metadata.labels?.[label]}`,
      ),
    [list],
  )
}

interface StripProps {
  readonly cron: CronWorkflow
  readonly runs: readonly Workflow[]
  readonly now: number
}

function Strip({ cron, runs, now }: StripProps) {
  const { name = '', namespace = '' } = cron.metadata
  const from = now - day
  const next = useMemo(() => nextDue(cron, now), [cron, now])
  const ticks = useMemo(() => {
    const to = cron.spec.suspend ? now : now + day
    return ticksOf(cron, runs, { from: now - day, to, now })
  }, [cron, runs, now])
  const missed = ticks.filter(({ state }) => state === 'missed').length
  return (
    <li className="strip">
      <div className="strip-head">
        <Link to={`cron-workflows/${segments(namespace, name)}`}>{name}</Link>
        <p className="quiet">
          <code>{(cron.spec.schedules ?? []).join(', ')}</code> {cron.spec.timezone}
        </p>
        <p className="quiet">
          {cron.spec.suspend ? (
            <>
              <Icon name="pause" /> suspended
            </>
          ) : (
            <span title={exactTime(next)}>next {relativeTime(next, now)}</span>
          )}
        </p>
      </div>
      <div className="strip-line">
        <span className="strip-now" />
        {thinned(ticks, nearMs).map((tick) => (
          <TickMark
            key={tick.at}
            tick={tick}
            left={(tick.at - from) / (2 * day)}
            namespace={namespace}
          />
        ))}
      </div>
      <p className="strip-count quiet">
        {cron.status?.succeeded ?? 0} succeeded, {cron.status?.failed ?? 0} failed
        {missed > 0 && <b className="missed">{missed} missed since yesterday</b>}
      </p>
    </li>
  )
}

const stateWords: Readonly<Record<string, string>> = {
  due: 'due',
  missed: 'missed, no run was made',
  paused: 'not taken, the schedule is suspended',
  gone: 'its run is no longer kept',
  before: 'before the schedule was made',
}

interface TickMarkProps {
  readonly tick: Tick
  readonly left: number
  readonly namespace: string
}

function TickMark({ tick: { at, state, run }, left, namespace }: TickMarkProps) {
  const style = { left: `${left * 100}%` }
  const words = `${exactTime(at)}: ${stateWords[state] ?? state}`
  if (run === undefined) {
    return <span className="tick" data-state={state} style={style} title={words} />
  }
  return (
    <span className="tick" data-phase={state} style={style}>
      <Link to={runPath(namespace, run)} title={words}>
        <span className="unseen">
          {run}, {words}
        </span>
      </Link>
    </span>
  )
}
