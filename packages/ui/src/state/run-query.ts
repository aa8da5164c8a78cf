import { fold, matchesQuery, parseQuery, type Query, runFacts, type Workflow } from '@argosy/engine'
import { type Phase, phases, runPhase } from '../format/phase.ts'

/** What the address bar says about which runs to show. */
export interface RunQuery {
  readonly text: string
  readonly phases: readonly Phase[]
  readonly labels: readonly string[]
  readonly sort: RunSort
  /** The name that this has as a kept filter; '' for none. */
  readonly filter: string
}

type RunSort = 'newest' | 'oldest' | 'name' | 'longest'

export const runSorts = ['newest', 'oldest', 'name', 'longest'] as const

export function parseRunQuery(search: string): RunQuery {
  const given = new URLSearchParams(search)
  const sort = runSorts.find((one) => one === given.get('sort'))
  return {
    text: given.get('q') ?? '',
    phases: given.getAll('phase').filter((one): one is Phase => phases.some((p) => p === one)),
    labels: given.getAll('label').filter(Boolean),
    sort: sort ?? 'newest',
    filter: given.get('filter') ?? '',
  }
}

/** Only what differs from showing everything. */
export function formatRunQuery({ text, phases, labels, sort, filter }: RunQuery): string {
  const search = new URLSearchParams()
  if (text) search.set('q', text)
  for (const phase of phases) search.append('phase', phase)
  for (const label of labels) search.append('label', label)
  if (sort !== 'newest') search.set('sort', sort)
  if (filter) search.set('filter', filter)
  const written = search.toString()
  return written && `?${written}`
}

/** The same question for a server that searches by itself. */
export function archiveQuestion({ text, phases, labels }: RunQuery) {
  // An `or` of the text binds less than what stands beside it.
  const words = text.trim() === '' ? [] : [phases.length === 0 ? text : `(${text})`]
  const states = phases.length === 0 ? [] : [`status in (${phases.join(', ')})`]
  return { query: [...words, ...states].join(' '), 'listOptions.labelSelector': labels.join(',') }
}

/** What is wrong with the search, for whoever types it; `now` is what its `-24h` counts from. */
export function searchProblem({ text }: RunQuery, now: number): string | undefined {
  const parsed = parseQuery(text, now)
  return 'problem' in parsed ? parsed.problem.message : undefined
}

/** The runs that fit, in their order. */
export function selectRuns(
  runs: Iterable<Workflow>,
  query: RunQuery,
  now: number,
): readonly Workflow[] {
  const fitsSearch = searching(query, now)
  const fits = (run: Workflow) =>
    (query.phases.length === 0 || query.phases.includes(runPhase(run))) && fitsSearch(run)
  return [...runs].filter(fits).sort(orders[query.sort])
}

/** How many runs each phase would show. */
export function countPhases(
  runs: Iterable<Workflow>,
  query: RunQuery,
  now: number,
): Readonly<Partial<Record<Phase, number>>> {
  const counts: Partial<Record<Phase, number>> = {}
  const fits = searching(query, now)
  for (const run of runs) {
    if (!fits(run)) continue
    const phase = runPhase(run)
    counts[phase] = (counts[phase] ?? 0) + 1
  }
  return counts
}

/** By the labels and by docs/search.md; half a search, while it is typed, is looked for as it stands. */
function searching({ text, labels }: RunQuery, now: number): (run: Workflow) => boolean {
  const parsed = parseQuery(text, now)
  const query: Query =
    'query' in parsed
      ? parsed.query
      : { kind: 'said', field: 'any', part: fold(text.trim()), whole: false }
  return (run) => {
    const own = run.metadata.labels ?? {}
    if (!labels.every((label) => hasLabel(own, label))) return false
    if (query.kind === 'all') return true
    // A list has of a run only what it shows.
    return matchesQuery(query, runFacts({ ...run, spec: run.spec ?? {} }, now))
  }
}

/** `key` or `key=value`. */
function hasLabel(labels: Readonly<Record<string, string>>, label: string): boolean {
  const at = label.indexOf('=')
  return at < 0 ? label in labels : labels[label.slice(0, at)] === label.slice(at + 1)
}

const createdAt = ({ metadata, status }: Workflow) =>
  Date.parse(metadata.creationTimestamp ?? status?.startedAt ?? '') || 0

const lastedMs = ({ status }: Workflow) => {
  const start = Date.parse(status?.startedAt ?? '')
  const end = status?.finishedAt ? Date.parse(status.finishedAt) : Number.POSITIVE_INFINITY
  return Number.isNaN(start) ? -1 : end - start
}

const byName = (a: Workflow, b: Workflow) =>
  (a.metadata.name ?? '').localeCompare(b.metadata.name ?? '')

const orders: Readonly<Record<RunSort, (a: Workflow, b: Workflow) => number>> = {
  newest: (a, b) => createdAt(b) - createdAt(a) || byName(b, a),
  oldest: (a, b) => createdAt(a) - createdAt(b) || byName(a, b),
  name: byName,
  // Infinity minus Infinity is no order.
  longest: (a, b) => (lastedMs(a) === lastedMs(b) ? byName(a, b) : lastedMs(b) - lastedMs(a)),
}
