import type { NodeStatus, WorkflowPhase } from '../spec/status.ts'
import { parseTime } from '../spec/time.ts'
import type { Workflow } from '../spec/workflow.ts'
import { fold, type RangeField } from './query.ts'

/** What a search can know of a run: an archive keeps just this beside it, so that it finds what a list finds. */
export interface RunFacts {
  readonly name: string
  readonly namespace: string
  readonly uid: string
  readonly phase: Exclude<WorkflowPhase, ''>
  readonly template: string
  readonly label: Readonly<Record<string, string>>
  readonly param: Readonly<Record<string, string>>
  /** In milliseconds; undefined: not yet. */
  readonly times: Readonly<Record<RangeField, number | undefined>>
  /** Folded; a line break before and after each message. */
  readonly message: string
  /** Folded: all that is looked at when no field is named. */
  readonly any: string
}

/** Of a longer text, and of more texts, the rest is not looked at. */
const longest = 1024
const mostMessages = 20
const mostParameters = 100

/** `now` is what the duration of a run that has not ended counts to. */
export function runFacts(workflow: Workflow, now: number): RunFacts {
  const { metadata, status = {} } = workflow
  const { name = '', namespace = '', uid = '' } = metadata
  const created = timeOf(metadata.creationTimestamp)
  const started = timeOf(status.startedAt)
  const finished = timeOf(status.finishedAt)
  const duration = started === undefined ? undefined : Math.max((finished ?? now) - started, 0)
  const template = templateOf(workflow)
  const label = shortened(metadata.labels ?? {})
  const param = parametersOf(workflow)
  const messages = messagesOf(workflow)
  const own = Object.entries(label).filter(([key]) => !key.startsWith(ours))
  const pairs = [...own, ...Object.entries(param)].map(([key, value]) => `${key}=${value}`)
  const title = cut(metadata.annotations?.[`${ours}title`] ?? '')
  return {
    ...{ name, namespace, uid, template, label, param },
    phase: status.phase || 'Pending',
    times: { created, started, finished, duration },
    message: fold(`\n${messages.join('\n')}\n`),
    any: fold([name, namespace, template, title, ...messages, ...pairs].join('\n')),
  }
}

const ours = 'workflows.argoproj.io/'

function timeOf(text: string | null | undefined): number | undefined {
  return text ? parseTime(text) : undefined
}

function templateOf({ metadata, spec }: Workflow): string {
  const label = (name: string) => metadata.labels?.[`${ours}${name}`]
  const named = spec.workflowTemplateRef?.name
  return named || label('workflow-template') || label('cluster-workflow-template') || ''
}

function parametersOf({ spec }: Workflow): Readonly<Record<string, string>> {
  const given = (spec.arguments?.parameters ?? []).slice(0, mostParameters)
  const valued = given.filter(({ value }) => value !== undefined && value !== null)
  return shortened(Object.fromEntries(valued.map(({ name, value }) => [name, textOf(value)])))
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The run's own, then those of what failed in it; each once. */
function messagesOf({ status }: Workflow): readonly string[] {
  const failed = (node: NodeStatus) => node.phase === 'Failed' || node.phase === 'Error'
  const found = new Set<string>()
  if (status?.message) found.add(cut(status.message))
  for (const node of Object.values(status?.nodes ?? {})) {
    if (found.size >= mostMessages) break
    if (node.message && failed(node)) found.add(cut(node.message))
  }
  return [...found]
}

function shortened(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, cut(String(text))]))
}

/** Databases keep neither a NUL nor half a letter in a text. */
function cut(text: string): string {
  return text.slice(0, longest).replaceAll(/\p{Surrogate}|\0/gu, '\ufffd')
}
