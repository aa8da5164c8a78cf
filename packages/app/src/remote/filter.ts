import { matchesQuery, parseQuery, type Query, runFacts, type Workflow } from '@argosy/engine'
import { UsageError } from '../shell/usage-error.ts'
import { sinceMs } from '../text/humanize.ts'

/** Which workflows a command is about, as upstream's flags say it. */
export interface Filter {
  readonly selector?: string
  readonly fieldSelector?: string
  readonly status?: readonly string[]
  readonly completed?: boolean
  readonly running?: boolean
  readonly resubmitted?: boolean
  readonly prefix?: string
  /** Created within this time. */
  readonly since?: string
  /** Ended before this time. */
  readonly older?: string
  /** Ours: docs/search.md. */
  readonly query?: string
}

/** What the server is asked, and what is left to look at here. Throws on what cannot be. */
export function understandFilter(filter: Filter, now: number) {
  if (filter.completed && filter.running) {
    throw new UsageError('--completed and --running cannot be used together')
  }
  const since = ago(filter.since, now, '--since')
  const older = ago(filter.older, now, '--older')
  const { prefix = '' } = filter
  const search = understandQuery(filter.query ?? '', now)
  return {
    labelSelector: labels(filter),
    fieldSelector: filter.fieldSelector ?? '',
    keep: (workflow: Workflow): boolean => {
      const { metadata, status } = workflow
      if (!(metadata.name ?? '').startsWith(prefix)) return false
      if (since !== undefined && Date.parse(metadata.creationTimestamp ?? '') <= since) return false
      if (!matchesQuery(search, runFacts(workflow, now))) return false
      if (older === undefined) return true
      return status?.finishedAt !== undefined && Date.parse(status.finishedAt) < older
    },
  }
}

/** Throws what is wrong with a search, with a mark below where it is. */
function understandQuery(text: string, now: number): Query {
  const parsed = parseQuery(text, now)
  if ('query' in parsed) return parsed.query
  const { message, at, end } = parsed.problem
  const mark = `${' '.repeat(at)}${'^'.repeat(Math.max(end - at, 1))}`
  throw new UsageError(`--query: ${message}\n\n  ${text}\n  ${mark}`)
}

const prefix = 'workflows.argoproj.io/'

function labels({ selector, status = [], completed, running, resubmitted }: Filter): string {
  const clauses = [
    ...(selector ? [selector] : []),
    ...(status.length > 0 ? [`${prefix}phase in (${status.join(',')})`] : []),
    ...(completed ? [`${prefix}completed=true`] : []),
    ...(running ? [`${prefix}completed!=true`] : []),
    ...(resubmitted ? [`${prefix}resubmitted-from-workflow`] : []),
  ]
  return clauses.join(',')
}

function ago(text: string | undefined, now: number, flag: string): number | undefined {
  if (!text) return undefined
  const ms = sinceMs(text)
  if (ms === undefined)
    throw new UsageError(`${flag} ${text}: expected a time as 30s, 10m, 3h or 1d`)
  return now - ms
}

/** Unfinished ones first, the newest of them before; then the last that ended. argo: Workflows.Less. */
export function inListOrder(workflows: readonly Workflow[]): readonly Workflow[] {
  const isOpen = ({ status }: Workflow) => !status?.finishedAt
  const open = workflows.filter(isOpen)
  const ended = workflows.filter((one) => !isOpen(one))
  return [
    ...lastFirst(open, ({ metadata }) => metadata.creationTimestamp),
    ...lastFirst(ended, ({ status }) => status?.finishedAt),
  ]
}

function lastFirst(
  workflows: readonly Workflow[],
  timeOf: (workflow: Workflow) => string | undefined,
): readonly Workflow[] {
  return [...workflows].sort((a, b) => Date.parse(timeOf(b) ?? '') - Date.parse(timeOf(a) ?? ''))
}
