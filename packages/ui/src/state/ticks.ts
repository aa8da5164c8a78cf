import { type CronWorkflow, nextFire, parseSchedule, type Workflow } from '@argosy/engine'
import { hasFailed, type Phase, runPhase } from '../format/phase.ts'

/** A time at which a schedule was or will be due, and what became of it. */
export interface Tick {
  readonly at: number
  /**
   * `missed`: no run was made, though runs since then are kept; `gone`: if there was a run, it is no longer kept;
   * `paused`: the schedule is suspended; `before`: it was not there yet.
   */
  readonly state: Phase | 'missed' | 'due' | 'gone' | 'paused' | 'before'
  readonly run?: string
}

/** Two days of minutes, and a little more. */
const most = 3000

/** The ticks of a time; those with a run have its phase. */
export function ticksOf(
  cron: CronWorkflow,
  runs: readonly Workflow[],
  { from, to, now }: { readonly from: number; readonly to: number; readonly now: number },
): readonly Tick[] {
  const made = runsByTime(runs)
  const taken = Date.parse(cron.status?.lastScheduledTime ?? '') || 0
  const since = made.has(taken) ? keptSince(cron, made) : Number.POSITIVE_INFINITY
  const stateAt = stateWithoutRun(cron, { now, taken, since })
  return duesOf(cron, from, to).map((at) => {
    const run = made.get(at)
    if (!run) return { at, state: stateAt(at) }
    return { at, state: runPhase(run), run: run.metadata.name ?? '' }
  })
}

/** Ticks without a run that would stand on one another are one; what has a run stays. */
export function thinned(ticks: readonly Tick[], leastMs: number): readonly Tick[] {
  const kept: Tick[] = []
  let last: Tick | undefined
  for (const tick of ticks) {
    const isSame = last?.state === tick.state && tick.at - last.at < leastMs
    if (tick.run === undefined && isSame) continue
    kept.push(tick)
    if (tick.run === undefined) last = tick
  }
  return kept
}

interface Known {
  readonly now: number
  /** The last tick of which the controller made a run. */
  readonly taken: number
  /** From when on every run is kept. */
  readonly since: number
}

/** So long it may take until the run of a tick is there and known. */
const makingMs = 60_000

/** What became of a tick that no run is known of. */
function stateWithoutRun({ metadata, spec }: CronWorkflow, { now, taken, since }: Known) {
  const created = Date.parse(metadata.creationTimestamp ?? '') || 0
  return (at: number): Tick['state'] => {
    if (at > now - makingMs) return 'due'
    if (at < created) return 'before'
    if (at <= taken) return at > since ? 'missed' : 'gone'
    return spec.suspend ? 'paused' : 'missed'
  }
}

/** From when on every run is kept: of good ones and of bad ones the oldest go first, each by their own limit. */
function keptSince({ spec }: CronWorkflow, made: ReadonlyMap<number, Workflow>): number {
  const bad = [...made].filter(([, run]) => hasFailed(runPhase(run))).map(([at]) => at)
  const good = [...made.keys()].filter((at) => !bad.includes(at))
  const oldest = (times: readonly number[], limit: number) =>
    times.length < limit ? Number.NEGATIVE_INFINITY : Math.min(...times)
  return Math.max(
    Math.min(...made.keys()),
    oldest(good, spec.successfulJobsHistoryLimit ?? 3),
    oldest(bad, spec.failedJobsHistoryLimit ?? 1),
  )
}

/** The times at which any of its schedules is due. */
function duesOf(cron: CronWorkflow, from: number, to: number): readonly number[] {
  const anchor = Date.parse(cron.metadata.creationTimestamp ?? '') || from
  const dues = new Set<number>()
  for (const schedule of schedulesOf(cron)) {
    let at = nextFire(schedule, from, anchor)
    for (let count = 0; at !== undefined && at <= to && count < most; count++) {
      dues.add(at)
      at = nextFire(schedule, at, anchor)
    }
  }
  return [...dues].sort((a, b) => a - b)
}

const scheduledTime = 'workflows.argoproj.io/scheduled-time'

function runsByTime(runs: readonly Workflow[]): ReadonlyMap<number, Workflow> {
  return new Map(
    runs.map((run) => [Date.parse(run.metadata.annotations?.[scheduledTime] ?? ''), run]),
  )
}

/** When it is due next; nothing while it is suspended. */
export function nextDue(cron: CronWorkflow, now: number): number | undefined {
  if (cron.spec.suspend) return undefined
  const anchor = Date.parse(cron.metadata.creationTimestamp ?? '') || now
  return schedulesOf(cron)
    .flatMap((schedule) => nextFire(schedule, now, anchor) ?? [])
    .reduce<number | undefined>((least, at) => Math.min(least ?? at, at), undefined)
}

function schedulesOf({ spec }: CronWorkflow): readonly Schedule[] {
  return (spec.schedules ?? []).flatMap((text) => {
    const parsed = parseSchedule(spec.timezone ? `CRON_TZ=${spec.timezone} ${text}` : text)
    return 'schedule' in parsed ? [parsed.schedule] : []
  })
}

type Schedule = Parameters<typeof nextFire>[0]
