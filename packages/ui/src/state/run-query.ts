import {
  fold,
  matchesQuery,
  parseQuery,
  type Query,
  type RunFacts,
  runFacts,
  type Workflow,
} from '@argosy/engine'
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

export interface Found {
  /** The runs that fit, in their order. */
  readonly shown: readonly Workflow[]
  /** How many runs each phase would show. */
  readonly counts: Readonly<Partial<Record<Phase, number>>>
}

/** What fits, in the order of `runs`. */
export function searchRuns(runs: Iterable<Workflow>, query: RunQuery, now: number): Found {
  const counts: Partial<Record<Phase, number>> = {}
  const shown: Workflow[] = []
  const fits = searching(query, now)
  for (const run of runs) {
    if (!fits(run)) continue
    const phase = runPhase(run)
    counts[phase] = (counts[phase] ?? 0) + 1
    if (query.phases.length === 0 || query.phases.includes(phase)) shown.push(run)
  }
  return { shown, counts }
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
    return matchesQuery(query, factsOf(run, now))
  }
}

const kept = new WeakMap<Workflow, RunFacts>()

/** What a search looks at; of a run that is over it is gathered once, and not with every letter that is typed. */
function factsOf(run: Workflow, now: number): RunFacts {
  const known = kept.get(run)
  if (known) return known
  const facts = runFacts({ ...run, spec: run.spec ?? {} }, now)
  if (run.status?.finishedAt) kept.set(run, facts)
  return facts
}

/** Gathers for the next of the runs what the first search would have to wait for; whether there are more. */
export function prepareSearch(runs: Iterator<Workflow>, most: number, now: number): boolean {
  for (let left = most; left > 0; left -= 1) {
    const { done, value } = runs.next()
    if (done) return false
    if (value.status?.finishedAt) void factsOf(value, now).any
  }
  return true
}

/** `key` or `key=value`. */
function hasLabel(labels: Readonly<Record<string, string>>, label: string): boolean {
  const at = label.indexOf('=')
  return at < 0 ? label in labels : labels[label.slice(0, at)] === label.slice(at + 1)
}

/** Times are read once for each run, and not with each comparison. */
export function inOrder(runs: readonly Workflow[], sort: RunSort): readonly Workflow[] {
  if (sort === 'name') return runs.toSorted(byName)
  const keyed = runs.map((run) => ({ run, key: keys[sort](run) }))
  const sign = sort === 'newest' ? -1 : 1
  // Infinity minus Infinity is no order.
  keyed.sort((a, b) => (a.key === b.key ? sign * byName(a.run, b.run) : a.key < b.key ? -1 : 1))
  return keyed.map(({ run }) => run)
}

const createdAt = ({ metadata, status }: Workflow) =>
  Date.parse(metadata.creationTimestamp ?? status?.startedAt ?? '') || 0

const lastedMs = ({ status }: Workflow) => {
  const start = Date.parse(status?.startedAt ?? '')
  const end = status?.finishedAt ? Date.parse(status.finishedAt) : Number.POSITIVE_INFINITY
  return Number.isNaN(start) ? -1 : end - start
}

/** The least comes first. */
const keys: Readonly<Record<Exclude<RunSort, 'name'>, (run: Workflow) => number>> = {
  newest: (run) => -createdAt(run),
  oldest: createdAt,
  longest: (run) => -lastedMs(run),
}

function byName(a: Workflow, b: Workflow): number {
  const [one = '', other = ''] = [a.metadata.name, b.metadata.name]
  if (one === other) return 0
  return one < other ? -1 : 1
}
