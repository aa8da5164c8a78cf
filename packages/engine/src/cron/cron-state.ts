import type { JsonObject } from '../spec/json.ts'
import type {
  CronWorkflow,
  CronWorkflowStatus,
  ObjectReference,
} from '../spec/parse/parse-workflow.ts'
import type { Condition } from '../spec/status.ts'

const completedLabel = 'cronworkflows.argoproj.io/completed'
const usedSchedule = 'cronworkflows.argoproj.io/last-used-schedule'

type ErrorKind = 'SpecError' | 'SubmissionError'

/** A CronWorkflow's status while it is decided upon; only what differs in the end is written. */
export class CronState {
  readonly cron: CronWorkflow
  active: readonly ObjectReference[]
  lastScheduledTime: string | undefined
  conditions: readonly Condition[]
  succeeded: number
  failed: number
  phase: NonNullable<CronWorkflowStatus['phase']>
  #completed: boolean
  #schedule: string | undefined

  constructor(cron: CronWorkflow) {
    const { status = {}, metadata } = cron
    this.cron = cron
    this.active = status.active ?? []
    this.lastScheduledTime = status.lastScheduledTime ?? undefined
    this.conditions = status.conditions ?? []
    this.succeeded = status.succeeded ?? 0
    this.failed = status.failed ?? 0
    this.phase = status.phase ?? ''
    this.#completed = metadata.labels?.[completedLabel] === 'true'
    this.#schedule = metadata.annotations?.[usedSchedule]
  }

  get isCompleted(): boolean {
    return this.#completed
  }

  complete(): void {
    this.phase = 'Stopped'
    this.#completed = true
  }

  /** Its schedules are not those by which it ran last. */
  get hasNewSchedule(): boolean {
    return this.#schedule !== scheduleText(this.cron)
  }

  useSchedule(): void {
    this.#schedule = scheduleText(this.cron)
  }

  /** A submission that failed counts as a run that failed. */
  report(type: ErrorKind, message: string): void {
    const others = this.conditions.filter((one) => one.type !== type)
    this.conditions = [...others, { type, status: 'True', message }]
    if (type === 'SubmissionError') this.failed += 1
  }

  clear(type: ErrorKind): void {
    this.conditions = this.conditions.filter((one) => one.type !== type)
  }

  /** The merge patch that makes the object what it is here; undefined when it is already. */
  patch(): JsonObject | undefined {
    const before = new CronState(this.cron)
    if (JSON.stringify(this.#written()) === JSON.stringify(before.#written())) return undefined
    return this.#written() as JsonObject
  }

  #written() {
    const { active, conditions, failed, lastScheduledTime, phase, succeeded } = this
    return {
      ...((this.#completed || this.#schedule !== undefined) && {
        metadata: {
          ...(this.#completed && { labels: { [completedLabel]: 'true' } }),
          ...(this.#schedule !== undefined && { annotations: { [usedSchedule]: this.#schedule } }),
        },
      }),
      status: {
        active: active.length === 0 ? null : active,
        conditions: conditions.length === 0 ? null : conditions,
        failed,
        lastScheduledTime: lastScheduledTime ?? null,
        phase,
        succeeded,
      },
    }
  }
}

/** The schedules with their time zone, as they are parsed. */
export function zonedSchedules({ spec }: CronWorkflow): readonly string[] {
  const { schedules = [], timezone } = spec
  return schedules.map((one) => (timezone ? `CRON_TZ=${timezone} ${one}` : one))
}

function scheduleText(cron: CronWorkflow): string {
  return zonedSchedules(cron).join(',')
}
