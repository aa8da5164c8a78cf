import type { JsonObject } from '../spec/json.ts'
import type { CronWorkflow } from '../spec/parse/parse-workflow.ts'
import type { Problem } from '../spec/problem.ts'
import { formatTime, parseTime } from '../spec/time.ts'
import type { Workflow } from '../spec/workflow.ts'
import { creatorLabels } from '../workflow/operations/actor.ts'
import { beyondHistory, childName, childrenOf, reconcile } from './cron-children.ts'
import { stopCondition, whenCondition } from './cron-conditions.ts'
import { CronState, zonedSchedules } from './cron-state.ts'
import { nextFire } from './next-fire.ts'
import { parseSchedule, type Schedule } from './schedule.ts'
import { workflowOfCron } from './workflow-of-cron.ts'

export interface CronSituation {
  readonly cron: CronWorkflow
  /** At least all workflows that the CronWorkflow owns. */
  readonly workflows: readonly Workflow[]
  /** What is wrong with the CronWorkflow or what it would make, as `validateCronWorkflow` says. */
  readonly problems: readonly Problem[]
  /** What the last decision gave; undefined at the first look since the start. */
  readonly memory?: CronMemory
}

/** What is known beside the objects. Forgetting it makes nothing run twice. */
export interface CronMemory {
  /** Ticks until then have had their turn. */
  readonly handledUntil: number
  /** Of those, until then they ran or failed to; one that was only skipped may be made up for in its deadline. */
  readonly triedUntil: number
}

/** What should be true next. Acting on it twice is harmless: of each tick there is one name. */
export interface CronDecision {
  /** Merge patch for the CronWorkflow; it must be written before anything is removed. */
  readonly patch: JsonObject | undefined
  /** Workflows to terminate, before those to create. */
  readonly terminate: readonly string[]
  readonly create: readonly Workflow[]
  /** Finished workflows beyond the history limits. */
  readonly remove: readonly string[]
  readonly memory: CronMemory
  readonly wakeAt: number | undefined
}

/** What a CronWorkflow does at `now`. argo: cron.operator.run, reconcileActiveWfs and enforceHistoryLimit. */
export function advanceCron(situation: CronSituation, now: number): CronDecision {
  const { cron, workflows, problems, memory } = situation
  const state = new CronState(cron)
  const children = childrenOf(state, workflows)
  if (reconcile(state, children)) stopIfTold(state)
  judge(state, problems)
  const schedules = problems.length > 0 || state.isCompleted ? [] : schedulesOf(cron)
  const ticks = dueTicks(state, schedules, { memory, now })
  const run = begin(state, ticks, now)
  const made = new Set(children.map(({ metadata }) => metadata.name))
  return {
    patch: state.patch(),
    terminate: run.terminate,
    create: run.create.filter(({ metadata }) => !made.has(metadata.name)),
    remove: beyondHistory(state, children),
    memory: {
      handledUntil: now,
      triedUntil: run.tried ? (ticks.at(-1) ?? now) : (memory?.triedUntil ?? 0),
    },
    wakeAt: earliest(firesAfter(now, schedules, cron)),
  }
}

function judge(state: CronState, problems: readonly Problem[]): void {
  const [first] = problems
  if (first !== undefined) report(state, first.message)
  else if (!isStillUnstoppable(state)) state.clear('SpecError')
}

/** What was said of the stop strategy at the last tick stays true until the next one. */
function isStillUnstoppable(state: CronState): boolean {
  const said = state.conditions.some(
    ({ type, message }) => type === 'SpecError' && message?.startsWith(unstoppable(state)),
  )
  return said && 'problem' in stopCondition(state)
}

function unstoppable({ cron }: CronState): string {
  return `failed to check CronWorkflow '${cron.metadata.name}' stopping condition: `
}

/** Said once: a decision that changes nothing must write nothing. */
function report(state: CronState, message: string): void {
  const said = state.conditions.some((one) => one.type === 'SpecError' && one.message === message)
  if (!said) state.report('SpecError', message)
}

/** The submission of what was decided has failed: the merge patch that says so. */
export function submissionFailed(cron: CronWorkflow, message: string): JsonObject | undefined {
  const state = new CronState(cron)
  state.report('SubmissionError', `Failed to submit Workflow: ${message}`)
  return state.patch()
}

function schedulesOf(cron: CronWorkflow): readonly Schedule[] {
  return zonedSchedules(cron).flatMap((text) => {
    const parsed = parseSchedule(text)
    return 'error' in parsed ? [] : [parsed.schedule]
  })
}

/** `@every` has no place in the calendar; counted from the creation its ticks are the same after a restart. */
function anchorOf({ metadata }: CronWorkflow): number {
  return parseTime(metadata.creationTimestamp ?? '') ?? 0
}

interface Span {
  readonly memory: CronMemory | undefined
  readonly now: number
}

function firesAfter(
  at: number,
  schedules: readonly Schedule[],
  cron: CronWorkflow,
): readonly (number | undefined)[] {
  return schedules.map((schedule) => nextFire(schedule, at, anchorOf(cron)))
}

/** The first tick of each schedule that is due, or else one that was missed. Of many that were slept through one is enough. */
function dueTicks(
  state: CronState,
  schedules: readonly Schedule[],
  { memory, now }: Span,
): readonly number[] {
  const handledUntil = memory?.handledUntil ?? now
  const fires = firesAfter(handledUntil, schedules, state.cron)
  const due = fires.filter((at) => at !== undefined && at <= now) as number[]
  if (due.length > 0) return [...new Set(due)].sort((a, b) => a - b)
  const missed = missedTick(state, schedules, now)
  return missed === undefined || missed <= (memory?.triedUntil ?? 0) ? [] : [missed]
}

/** The last tick that nobody ran, when it is not too late for it. argo: shouldOutstandingWorkflowsBeRun. */
function missedTick(
  state: CronState,
  schedules: readonly Schedule[],
  now: number,
): number | undefined {
  const { startingDeadlineSeconds } = state.cron.spec
  const last = parseTime(state.lastScheduledTime ?? '')
  if (startingDeadlineSeconds === undefined || last === undefined) return undefined
  if (state.hasNewSchedule) return undefined
  // What is older is too late.
  const oldest = Math.max(last, now - startingDeadlineSeconds * 1000)
  for (const schedule of schedules) {
    const missed = lastFire(schedule, { after: oldest, until: now }, anchorOf(state.cron))
    if (missed !== undefined) return missed
  }
  return undefined
}

interface Between {
  readonly after: number
  readonly until: number
}

/** Looked for from the end: of a year of minutes only the last is walked through. */
function lastFire(
  schedule: Schedule,
  { after, until }: Between,
  anchor: number,
): number | undefined {
  for (let span = 60_000; ; span *= 2) {
    const from = Math.max(after, until - span)
    const found = lastWithin(schedule, { after: from, until }, anchor)
    if (found !== undefined || from === after) return found
  }
}

function lastWithin(
  schedule: Schedule,
  { after, until }: Between,
  anchor: number,
): number | undefined {
  let found: number | undefined
  for (let at: number | undefined = after; ; found = at) {
    at = nextFire(schedule, at, anchor)
    if (at === undefined || at > until) return found
  }
}

interface Runs {
  readonly terminate: readonly string[]
  readonly create: readonly Workflow[]
  /** They ran or failed to; else they were only skipped. */
  readonly tried: boolean
}

const skipped: Runs = { terminate: [], create: [], tried: false }
const failed: Runs = { ...skipped, tried: true }

/** False when the condition cannot be evaluated. */
function stopIfTold(state: CronState): boolean {
  const stop = stopCondition(state)
  if ('problem' in stop) {
    report(state, unstoppable(state) + stop.problem)
    return false
  }
  if (stop.value) state.complete()
  return true
}

// argo: enforceRuntimePolicy, in its order.
function begin(state: CronState, ticks: readonly number[], now: number): Runs {
  if (ticks.length === 0) return skipped
  if (state.hasNewSchedule) state.useSchedule()
  if (!stopIfTold(state)) return failed
  const { concurrencyPolicy, suspend } = state.cron.spec
  if (suspend === true || state.phase === 'Stopped') return skipped
  const when = whenCondition(state, now)
  if ('problem' in when) {
    state.report('SubmissionError', `run policy error: ${when.problem}`)
    return failed
  }
  const active = state.active.map(({ name = '' }) => name)
  if (!when.value || (concurrencyPolicy === 'Forbid' && active.length > 0)) return skipped
  const create = ticks.map((tick) => workflowFor(state, tick))
  const alone = concurrencyPolicy === 'Forbid' || concurrencyPolicy === 'Replace'
  return {
    terminate: concurrencyPolicy === 'Replace' ? active : [],
    create: alone ? create.slice(-1) : create,
    tried: true,
  }
}

function workflowFor({ cron }: CronState, tick: number): Workflow {
  const { name = '', labels = {} } = cron.metadata
  const kept = creatorLabels.filter((label) => labels[label] !== undefined)
  const metadata = {
    name: childName(name, tick),
    labels: Object.fromEntries(kept.map((label) => [label, labels[label] ?? ''])),
  }
  return workflowOfCron(cron, { metadata, scheduledTime: formatTime(tick) })
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((at) => at !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}
