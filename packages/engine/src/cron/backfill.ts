import { formatLayout } from '../expr/go-time/format-layout.ts'
import { timeFromMs } from '../expr/go-time/go-time.ts'
import { parseLayout } from '../expr/go-time/parse-layout.ts'
import type { Zone } from '../expr/go-time/zone.ts'
import type { CronWorkflow } from '../spec/parse/parse-workflow.ts'
import { formatTime, parseTime } from '../spec/time.ts'
import type { Parameter, Workflow } from '../spec/workflow.ts'
import { zonedSchedules } from './cron-state.ts'
import { nextFire } from './next-fire.ts'
import { parseSchedule, type Schedule } from './schedule.ts'
import { workflowOfCron } from './workflow-of-cron.ts'

export interface BackfillOptions {
  /** Part of the names of all runs. */
  readonly name: string
  /** In the layout of Go that `format` is. */
  readonly start: string
  /** Default: now. */
  readonly end?: string
  readonly format: string
  /** The argument that tells a run which tick it makes up for. */
  readonly argName: string
  /** Else one after the other. */
  readonly parallel: boolean
  /** How many runs one workflow looks after. */
  readonly maxWorkflowCount: number
  /** Milliseconds. */
  readonly now: number
}

export interface Backfill {
  readonly start: string
  readonly end: string
  readonly ticks: number
  /** Each makes the runs of some ticks, named by them: none runs twice, whoever tries again. */
  readonly workflows: readonly Workflow[]
}

/** Go's time.RFC1123. */
export const backfillFormat = 'Mon, 02 Jan 2006 15:04:05 MST'

/** Go's time.Time.String. */
const goText = '2006-01-02 15:04:05.999999999 -0700 MST'

const mostTicks = 100_000
const longestPrefix = 63

/** The workflows that run a CronWorkflow's ticks of the past. argo: commands/cron/backfill.go. */
export function backfill(
  cron: CronWorkflow,
  options: BackfillOptions,
): Backfill | { readonly problem: string } {
  if (options.start === '') return { problem: 'start date should not be empty' }
  const start = parseLayout(options.format, options.start)
  if ('error' in start) return { problem: start.error }
  const end = options.end ? parseLayout(options.format, options.end) : timeFromMs(options.now)
  if ('error' in end) return { problem: end.error }
  const span = { after: msOf(start), until: msOf(end) }
  const found = ticksOf(cron, span)
  if ('problem' in found) return found
  const zone = found.zone ?? start.zone
  const groups = inGroups(found.ticks, Math.max(1, options.maxWorkflowCount))
  return {
    start: options.start,
    end: options.end || formatLayout(timeFromMs(options.now), backfillFormat),
    ticks: found.ticks.length,
    workflows: groups.map((ticks) => monitor(cron, options, { ticks, zone })),
  }
}

function msOf({ ns }: { readonly ns: bigint }): number {
  return Number(ns / 1_000_000n)
}

interface Span {
  readonly after: number
  readonly until: number
}

interface Ticks {
  readonly ticks: readonly number[]
  /** Of the schedules, when they name one. */
  readonly zone?: Zone
}

/** All ticks of all schedules, each once. */
function ticksOf(cron: CronWorkflow, span: Span): Ticks | { readonly problem: string } {
  const ticks = new Set<number>()
  let zone: Zone | undefined
  const anchor = parseTime(cron.metadata.creationTimestamp ?? '') ?? 0
  for (const text of zonedSchedules(cron)) {
    const parsed = parseSchedule(text)
    if ('error' in parsed) return { problem: parsed.error }
    const { schedule } = parsed
    if ('zone' in schedule && text.includes('TZ=')) zone ??= schedule.zone
    for (const at of firesIn(schedule, span, anchor)) ticks.add(at)
  }
  if (ticks.size > mostTicks) {
    return { problem: `more than ${mostTicks} runs are due in that time: choose a shorter one` }
  }
  return { ticks: [...ticks].sort((a, b) => a - b), ...(zone && { zone }) }
}

/** No more than one too many. */
function firesIn(schedule: Schedule, { after, until }: Span, anchor: number): readonly number[] {
  const fires: number[] = []
  let at = nextFire(schedule, after, anchor)
  for (; at !== undefined && at <= until; at = nextFire(schedule, at, anchor)) {
    if (fires.push(at) > mostTicks) break
  }
  return fires
}

function inGroups(ticks: readonly number[], size: number): readonly (readonly number[])[] {
  return Array.from({ length: Math.ceil(ticks.length / size) }, (_, n) =>
    ticks.slice(n * size, (n + 1) * size),
  )
}

interface Part {
  readonly ticks: readonly number[]
  readonly zone: Zone
}

const fields = ['backfillscheduletime', 'backfillscheduledat', 'backfilltick'] as const

function monitor(cron: CronWorkflow, options: BackfillOptions, { ticks, zone }: Part): Workflow {
  const { namespace, name = '' } = cron.metadata
  const items = ticks.map((at) => ({
    backfillscheduletime: formatLayout(timeFromMs(at, zone), goText),
    backfillscheduledat: formatTime(at),
    backfilltick: String(at / 1000),
  }))
  const step = {
    name: 'create-workflow',
    template: 'create-workflow',
    arguments: { parameters: fields.map((field) => ({ name: field, value: `{{item.${field}}}` })) },
    withParam: JSON.stringify(items),
  }
  const resource = {
    action: 'create',
    successCondition: 'status.phase == Succeeded',
    manifest: manifestOf(cron, options),
  }
  return {
    apiVersion: cron.apiVersion,
    kind: 'Workflow',
    metadata: {
      generateName: 'backfill-wf-',
      ...(namespace !== undefined && { namespace }),
      labels: { 'workflows.argoproj.io/backfill': name },
    },
    spec: {
      entrypoint: 'main',
      templates: [
        { name: 'main', steps: [[step]] },
        {
          name: 'create-workflow',
          inputs: { parameters: fields.map((field) => ({ name: field })) },
          resource,
        },
      ],
    },
  }
}

const given = (field: (typeof fields)[number]) => `{{inputs.parameters.${field}}}`

/** JSON, in which the tags of the run itself are written so that only the run reads them as tags. */
function manifestOf(cron: CronWorkflow, { name, argName, parallel }: BackfillOptions): string {
  const prefix = `${cron.metadata.name}-backfill-${name.toLowerCase()}`.slice(0, longestPrefix - 12)
  const marks = { tick: '\u0001tick', time: '\u0001time', at: '\u0001at' }
  const made = workflowOfCron(cron, {
    metadata: { name: `${prefix}-${marks.tick}` },
    scheduledTime: marks.at,
  })
  const { arguments: args, ...rest } = made.spec
  const others = (args?.parameters ?? []).filter((one) => one.name !== argName)
  const parameters: readonly Parameter[] = [...others, { name: argName, value: marks.time }]
  const run: Workflow = {
    ...made,
    spec: {
      ...rest,
      arguments: { ...args, parameters },
      ...(!parallel && {
        priority: 2_147_483_647,
        synchronization: { mutexes: [{ name: name.toLowerCase() }] },
      }),
    },
  }
  return JSON.stringify(run)
    .replaceAll('{{', '\\u007b\\u007b')
    .replaceAll('\\u0001tick', given('backfilltick'))
    .replaceAll('\\u0001time', given('backfillscheduletime'))
    .replaceAll('\\u0001at', given('backfillscheduledat'))
}
