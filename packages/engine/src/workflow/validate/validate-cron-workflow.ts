import { didYouMean } from '../../spec/parse/nearest.ts'
import type { CronWorkflow } from '../../spec/parse/parse-workflow.ts'
import type { Problem } from '../../spec/problem.ts'
import type { World } from './check.ts'
import { validateWorkflow } from './validate-workflow.ts'

/** What judges schedules; a part that is left out is not judged. */
export interface CronWorld extends World {
  /** Why a text is no schedule. */
  readonly scheduleProblem?: (schedule: string) => string | undefined
  /** Why a text is no time zone. */
  readonly timezoneProblem?: (timezone: string) => string | undefined
}

const policies = ['Allow', 'Forbid', 'Replace']
const scheduledTime = 'workflows.argoproj.io/scheduled-time'

/** Everything that is wrong with a CronWorkflow and with the Workflows that it would make. */
export function validateCronWorkflow(cron: CronWorkflow, world: CronWorld): readonly Problem[] {
  const { workflowSpec, workflowMetadata } = cron.spec
  const made = {
    apiVersion: cron.apiVersion,
    kind: 'Workflow',
    metadata: {
      ...workflowMetadata,
      generateName: `${cron.metadata.name ?? ''}-`,
      annotations: { ...textMap(workflowMetadata?.['annotations']), [scheduledTime]: '' },
    },
    spec: workflowSpec,
  }
  const inWorkflow = validateWorkflow(made, world, 'submit').map(({ path, message }) => ({
    path: path.replace(/^spec/, 'spec.workflowSpec'),
    message: `cannot validate Workflow: ${message}`,
  }))
  return [...ownProblems(cron, world), ...inWorkflow]
}

// The manifest was parsed: annotations are texts.
const textMap = (value: unknown) => value as Readonly<Record<string, string>> | undefined

function ownProblems({ metadata, spec }: CronWorkflow, world: CronWorld): Problem[] {
  const problems: Problem[] = []
  const report = (path: string, message: string) => problems.push({ path, message })
  const { name = '' } = metadata
  if (name.length > 52) {
    const rule = `must not be more than 52 characters long (currently ${name.length})`
    report('metadata.name', `cron workflow name "${name}" ${rule}`)
  }
  const { schedules = [], timezone = '', concurrencyPolicy: policy = '' } = spec
  if (schedules.length === 0)
    report('spec.schedules', 'cron workflow must have at least one schedule')
  for (const [index, schedule] of schedules.entries()) {
    const why = world.scheduleProblem?.(schedule)
    if (why) report(`spec.schedules[${index}]`, `cron schedule ${schedule} is malformed: ${why}`)
  }
  const unknownZone = timezone === '' ? undefined : world.timezoneProblem?.(timezone)
  if (unknownZone) report('spec.timezone', `invalid timezone "${timezone}": ${unknownZone}`)
  if (policy !== '' && !policies.includes(policy)) {
    const hint = didYouMean(policy, policies)
    report('spec.concurrencyPolicy', `'${policy}' is not a valid concurrencyPolicy${hint}`)
  }
  if ((spec.startingDeadlineSeconds ?? 0) < 0) {
    report('spec.startingDeadlineSeconds', 'startingDeadlineSeconds must be positive')
  }
  return problems
}
