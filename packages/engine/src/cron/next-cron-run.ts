import type { CronWorkflow } from '../spec/parse/parse-workflow.ts'
import { zonedSchedules } from './cron-state.ts'
import { nextFire } from './next-fire.ts'
import { parseSchedule } from './schedule.ts'

/** When the next of a CronWorkflow's schedules is due; undefined when one of them cannot be read, or none ever is. */
export function nextCronRun(cron: CronWorkflow, now: number): number | undefined {
  let next: number | undefined
  for (const text of zonedSchedules(cron)) {
    const parsed = parseSchedule(text)
    if (!('schedule' in parsed)) return undefined
    const due = nextFire(parsed.schedule, now, now)
    if (due !== undefined && (next === undefined || due < next)) next = due
  }
  return next
}
