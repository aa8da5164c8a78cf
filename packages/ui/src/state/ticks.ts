import { type CronWorkflow, nextFire, parseSchedule, type Workflow } from '@argosy/engine'
import { type Phase, runPhase } from '../format/phase.ts'

/** A time at which a schedule was or will be due, and what became of it. */
export interface Tick {
  readonly at: number
  /** `gone`: it was taken, but no run of it is kept; `before`: the schedule was not there yet. */
  readonly state: Phase | 'missed' | 'due' | 'gone' | 'before'
  readonly run?: string
}

/** More than this on one strip cannot be told from each other. */
const most = 400

/** The ticks of a time; those with a run have its phase. */
export function ticksOf(
  cron: CronWorkflow,
  runs: readonly Workflow[],
  { from, to, now }: { readonly from: number; readonly to: number; readonly now: number },
): readonly Tick[] {
  const made = runsByTime(runs)
  const created = Date.parse(cron.metadata.creationTimestamp ?? '') || 0
  const taken = Date.parse(cron.status?.lastScheduledTime ?? '') || 0
  return duesOf(cron, from, to).map((at): Tick => {
    const run = made.get(at)
    if (run) return { at, state: runPhase(run), run: run.metadata.name ?? '' }
    if (at > now) return { at, state: 'due' }
    if (at < created) return { at, state: 'before' }
    return { at, state: at <= taken ? 'gone' : 'missed' }
  })
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
