import { parseSchedule, timezoneProblem } from '../../cron/schedule.ts'
import { didYouMean } from '../../spec/parse/nearest.ts'
import type { CronWorkflow } from '../../spec/parse/parse-workflow.ts'
import type { Problem } from '../../spec/problem.ts'
import type { World } from './check.ts'
import { validateWorkflow } from './validate-workflow.ts'

const policies = ['Allow', 'Forbid', 'Replace']
const scheduledTime = 'workflows.argoproj.io/scheduled-time'

/** Everything that is wrong with a CronWorkflow and with the Workflows that it would make. */
export function validateCronWorkflow(cron: CronWorkflow, world: World): readonly Problem[] {
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
  return [...ownProblems(cron), ...inWorkflow]
}

// The manifest was parsed: annotations are texts.
const textMap = (value: unknown) => value as Readonly<Record<string, string>> | undefined

function ownProblems({ metadata, spec }: CronWorkflow): Problem[] {
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
    const parsed = parseSchedule(schedule)
    if ('schedule' in parsed) continue
    report(`spec.schedules[${index}]`, `cron schedule ${schedule} is malformed: ${parsed.error}`)
  }
  const unknownZone = timezone === '' ? undefined : timezoneProblem(timezone)
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
