import type { Workflow } from '@argosy/engine'
import { type Phase, phases, runPhase } from '../format/phase.ts'

/** What the address bar says about which runs to show. */
export interface RunQuery {
  readonly text: string
  readonly phases: readonly Phase[]
  readonly labels: readonly string[]
  readonly sort: RunSort
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
  }
}

/** Only what differs from showing everything. */
export function formatRunQuery({ text, phases, labels, sort }: RunQuery): string {
  const search = new URLSearchParams()
  if (text) search.set('q', text)
  for (const phase of phases) search.append('phase', phase)
  for (const label of labels) search.append('label', label)
  if (sort !== 'newest') search.set('sort', sort)
  const written = search.toString()
  return written && `?${written}`
}

/** The runs that fit, in their order. */
export function selectRuns(runs: Iterable<Workflow>, query: RunQuery): readonly Workflow[] {
  const fits = (run: Workflow) =>
    (query.phases.length === 0 || query.phases.includes(runPhase(run))) &&
    fitsExceptPhase(run, query)
  return [...runs].filter(fits).sort(orders[query.sort])
}

/** How many runs each phase would show. */
export function countPhases(
  runs: Iterable<Workflow>,
  query: RunQuery,
): Readonly<Partial<Record<Phase, number>>> {
  const counts: Partial<Record<Phase, number>> = {}
  for (const run of runs) {
    if (!fitsExceptPhase(run, query)) continue
    const phase = runPhase(run)
    counts[phase] = (counts[phase] ?? 0) + 1
  }
  return counts
}

/** Every word somewhere in the name, the namespace, the message, a label or the title. */
function fitsExceptPhase(run: Workflow, { text, labels }: RunQuery): boolean {
  const own = run.metadata.labels ?? {}
  if (!labels.every((label) => hasLabel(own, label))) return false
  if (text.trim() === '') return true
  const haystack = wordsOf(run)
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => haystack.includes(word))
}

function wordsOf({ metadata, status }: Workflow): string {
  const labels = Object.entries(metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`)
  const title = metadata.annotations?.['workflows.argoproj.io/title'] ?? ''
  return [metadata.name, metadata.namespace, status?.message, title, ...labels]
    .join('\n')
    .toLowerCase()
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
