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

/** `now` is what the duration of a run that has not ended counts to. Nothing is gathered before it is looked at. */
export function runFacts(workflow: Workflow, now: number): RunFacts {
  const { metadata, status } = workflow
  const { name = '', namespace = '', uid = '' } = metadata
  const template = templateOf(workflow)
  const texts = once(() => textsOf(workflow))
  const label = once(() => shortened(metadata.labels ?? {}))
  const param = once(() => parametersOf(workflow))
  const times = once(() => timesOf(workflow, now))
  const any = once(() => {
    const { title, messages } = texts()
    const told = [name, namespace, template, title, ...messages]
    const { labels = {} } = metadata
    for (const key in labels) {
      if (!key.startsWith(ours)) told.push(`${key}=${cut(String(labels[key]))}`)
    }
    for (const [key, value] of Object.entries(param())) told.push(`${key}=${value}`)
    return fold(told.join('\n'))
  })
  const message = once(() => fold(`\n${texts().messages.join('\n')}\n`))
  return {
    ...{ name, namespace, uid, template, phase: status?.phase || 'Pending' },
    get label() {
      return label()
    },
    get param() {
      return param()
    },
    get times() {
      return times()
    },
    get message() {
      return message()
    },
    get any() {
      return any()
    },
  }
}

/** Worked out when it is asked for the first time. */
function once<T extends object | string>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

function timesOf({ metadata, status = {} }: Workflow, now: number): RunFacts['times'] {
  const created = timeOf(metadata.creationTimestamp)
  const started = timeOf(status.startedAt)
  const finished = timeOf(status.finishedAt)
  const duration = started === undefined ? undefined : Math.max((finished ?? now) - started, 0)
  return { created, started, finished, duration }
}

function textsOf(workflow: Workflow) {
  const title = cut(workflow.metadata.annotations?.[`${ours}title`] ?? '')
  return { title, messages: messagesOf(workflow) }
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
  const short = text.length > longest ? text.slice(0, longest) : text
  return odd.test(short) ? short.replaceAll(/\p{Surrogate}|\0/gu, '\ufffd') : short
}

/** Half a letter looks like this, but so does one that is whole: few texts have either. */
const odd = /[\ud800-\udfff\0]/
