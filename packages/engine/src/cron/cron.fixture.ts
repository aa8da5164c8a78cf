import type { CronWorkflow, CronWorkflowStatus } from '../spec/parse/parse-workflow.ts'
import { parseTime } from '../spec/time.ts'
import type { Workflow } from '../spec/workflow.ts'
import { advanceCron, type CronDecision } from './advance-cron.ts'

/** A time of the day on which all this happens. */
export const at = (text: string) => parseTime(`2026-01-01T${text}Z`) ?? Number.NaN
export const used = 'cronworkflows.argoproj.io/last-used-schedule'

/** One that ticks every hour, unless it says otherwise. */
export function cronOf(
  spec: Partial<CronWorkflow['spec']> = {},
  status?: CronWorkflowStatus,
): CronWorkflow {
  const schedules = spec.schedules ?? ['0 * * * *']
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'CronWorkflow',
    metadata: {
      name: 'c',
      namespace: 'n',
      uid: 'u',
      creationTimestamp: '2026-01-01T00:00:30Z',
      annotations: { [used]: schedules.join(',') },
      labels: { 'workflows.argoproj.io/creator': 'ann', mine: 'x' },
    },
    spec: { schedules, workflowSpec: { entrypoint: 'e' }, ...spec },
    ...(status !== undefined && { status }),
  }
}

interface Look {
  readonly now: string
  /** The time of the last look; none: it is the first one. */
  readonly since?: string
  readonly tried?: string
  readonly workflows?: readonly Workflow[]
  readonly problem?: string
}

/** What is decided at a look. */
export function look(
  cron: CronWorkflow,
  { now, since, tried, workflows = [], problem }: Look,
): CronDecision {
  const memory = since && { handledUntil: at(since), triedUntil: tried ? at(tried) : 0 }
  const problems = problem === undefined ? [] : [{ path: 'spec', message: problem }]
  return advanceCron({ cron, workflows, problems, ...(memory && { memory }) }, at(now))
}

/** For which times workflows are made. */
export const made = ({ create }: CronDecision) =>
  create.map(({ metadata }) =>
    metadata.annotations?.['workflows.argoproj.io/scheduled-time']?.slice(11, 19),
  )
export const statusOf = ({ patch }: CronDecision) =>
  (patch as { status?: CronWorkflowStatus } | undefined)?.status
