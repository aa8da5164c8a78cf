import {
  type CronWorkflow,
  type KubeObject,
  nextCronRun,
  type WorkflowTemplate,
} from '@argosy/engine'
import { shortDuration, timestamp } from './humanize.ts'
import { tabs } from './tabs.ts'

interface ListOptions {
  readonly now: number
  /** With a column for it. */
  readonly namespace: boolean
}

const line = (width: number) => (fact: readonly [string, string]) =>
  `${fact[0].padEnd(width)} ${fact[1]}\n`

/** `argosy template get`. */
export function templateView({ metadata }: WorkflowTemplate, now: number): string {
  const facts: readonly (readonly [string, string])[] = [
    ['Name:', metadata.name ?? ''],
    ['Namespace:', metadata.namespace ?? ''],
    ['Created:', created(metadata, now)],
  ]
  return facts.map(line(20)).join('')
}

/** `argosy template list`. */
export function templateTable(items: readonly KubeObject[], { namespace }: ListOptions): string {
  const rows = items.map(({ metadata }) => [
    ...(namespace ? [metadata.namespace ?? ''] : []),
    metadata.name ?? '',
  ])
  return tabs([[...(namespace ? ['NAMESPACE'] : []), 'NAME'], ...rows], 3)
}

/** `argosy cron get`. argo: getCronWorkflowGet. */
export function cronView(cron: CronWorkflow, now: number): string {
  const { metadata, spec, status = {} } = cron
  const next = nextCronRun(cron, now)
  const active = (status.active ?? []).map(({ name = '' }) => name)
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Name:', metadata.name ?? ''],
    ['Namespace:', metadata.namespace ?? ''],
    ['Created:', created(metadata, now)],
    ['Schedules:', (spec.schedules ?? []).join(',')],
    ['Suspended:', String(spec.suspend ?? false)],
    ['Timezone:', spec.timezone || undefined],
    ['StartingDeadlineSeconds:', spec.startingDeadlineSeconds?.toString()],
    ['ConcurrencyPolicy:', spec.concurrencyPolicy || undefined],
    [
      'LastScheduledTime:',
      status.lastScheduledTime ? timestamp(status.lastScheduledTime, now) : undefined,
    ],
    [
      'NextScheduledTime:',
      next && `${timestamp(next, now)} (assumes workflow-controller is in UTC)`,
    ],
    ['Active Workflows:', active.length > 0 ? active.join(', ') : undefined],
    ...conditionFacts(cron),
    ...parameterFacts(cron),
  ].map(([name, value]) => [String(name), value === undefined ? undefined : String(value)] as const)
  const known = facts.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return known.map(line(30)).join('')
}

function conditionFacts({ status }: CronWorkflow): readonly (readonly [string, string])[] {
  const conditions = status?.conditions ?? []
  if (conditions.length === 0) return []
  return [
    ['Conditions:', ''],
    ...conditions.map(
      ({ type, message, status: state }) =>
        [`${type === 'SubmissionError' ? '✖' : ''} ${type}`, message || (state ?? '')] as const,
    ),
  ]
}

function parameterFacts({ spec }: CronWorkflow): readonly (readonly [string, string])[] {
  const parameters = spec.workflowSpec.arguments?.parameters ?? []
  if (parameters.length === 0) return []
  const given = parameters.filter(({ value }) => value !== undefined)
  return [
    ['Workflow Parameters:', ''],
    ...given.map(({ name, value }) => [`  ${name}:`, String(value)] as const),
  ]
}

/** `argosy cron list`. */
export function cronTable(crons: readonly CronWorkflow[], { now, namespace }: ListOptions): string {
  const head = ['NAME', 'AGE', 'LAST RUN', 'NEXT RUN', 'SCHEDULES', 'TIMEZONE', 'SUSPENDED']
  const rows = crons.map((cron) => {
    const { metadata, spec, status } = cron
    const next = nextCronRun(cron, now)
    return [
      ...(namespace ? [metadata.namespace ?? ''] : []),
      metadata.name ?? '',
      shortDuration(metadata.creationTimestamp, undefined, now),
      status?.lastScheduledTime ? shortDuration(status.lastScheduledTime, undefined, now) : 'N/A',
      next === undefined ? 'N/A' : shortDuration(new Date(next).toISOString(), undefined, now),
      (spec.schedules ?? []).join(','),
      spec.timezone ?? '',
      String(spec.suspend ?? false),
    ]
  })
  return tabs([[...(namespace ? ['NAMESPACE'] : []), ...head], ...rows], 3)
}

function created({ creationTimestamp }: KubeObject['metadata'], now: number): string {
  return creationTimestamp ? timestamp(creationTimestamp, now) : '<none>'
}
