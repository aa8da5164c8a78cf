import type { Wanted } from './archive.ts'
import { all, type Condition, condition } from './sql/condition.ts'

/** How many runs of each phase there are. */
export type PhaseCounts = Readonly<Record<string, number>>

/** What the counters are asked, where they know the answer: of one namespace or of all, and of one phase. */
export function counterConditions(wanted: Wanted): Condition | undefined {
  const { namespace, instance, query } = wanted
  if (!areCountersEnough(wanted) || (query.kind !== 'all' && query.kind !== 'phase'))
    return undefined
  return all([
    ...(namespace === '' ? [] : [condition('namespace = ?', namespace)]),
    ...(instance === undefined ? [] : [condition('instance = ?', instance)]),
    ...(query.kind === 'phase' ? [condition('phase = ?', query.phase)] : []),
  ])
}

/** The places of a page are none of it. */
function areCountersEnough(wanted: Wanted): boolean {
  const { before, deletedOnly, exceptNamespace, name, namePrefix, labels } = wanted
  const { startedAfter, startedBefore, createdAfter, finishedBefore } = wanted
  const bounds = [before, startedAfter, startedBefore, createdAfter, finishedBefore]
  const texts = [exceptNamespace, name, namePrefix]
  return (
    !deletedOnly &&
    labels.length === 0 &&
    bounds.every((one) => one === undefined) &&
    texts.every((one) => one === '')
  )
}

/** Rows with a phase and a number. */
export function phaseCountsOf(rows: readonly Readonly<Record<string, unknown>>[]): PhaseCounts {
  const counted = rows.map(({ phase, runs }) => [String(phase), Number(runs)] as const)
  return Object.fromEntries(counted.filter(([, runs]) => runs > 0))
}
