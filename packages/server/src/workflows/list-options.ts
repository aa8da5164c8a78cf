import {
  matchesQuery,
  parseQuery,
  parseTime,
  type Query,
  runFacts,
  type Workflow,
} from '@argosy/engine'
import { type LabelRequirement, labelRequirements } from '@argosy/kube'
import { leastKey } from '../archive/start-key.ts'
import { ApiError, invalid } from '../http/api-error.ts'
import { flagIn, timeIn, wholeIn } from '../http/query.ts'

/** Which workflows are wanted, and which page of them. argo: BuildListOptions. */
export interface ListOptions {
  /** '': all. */
  readonly namespace: string
  readonly exceptNamespace: string
  readonly name: string
  readonly nameFilter: NameFilter
  readonly namePrefix: string
  readonly labels: readonly LabelRequirement[]
  readonly labelSelector: string
  readonly startedAfter: number | undefined
  readonly startedBefore: number | undefined
  readonly createdAfter: number | undefined
  readonly finishedBefore: number | undefined
  /** 0: no end. */
  readonly limit: number
  readonly offset: number
  /** The page begins behind this place in the archive: what an archive gave as `continue`. */
  readonly before: number | undefined
  /** Ours: a search in the language of `parseQuery`. */
  readonly query: Query
  readonly now: number
  readonly countRemaining: boolean
}

const nameFilters = ['Exact', 'Contains', 'Prefix', 'NotEquals'] as const
type NameFilter = (typeof nameFilters)[number]

export function listOptionsIn(
  query: URLSearchParams,
  { namespace, now }: { readonly namespace: string; readonly now: number },
): ListOptions {
  const text = (name: string) => query.get(name) ?? ''
  const terms = termsIn(text('listOptions.fieldSelector'))
  const labelSelector = text('listOptions.labelSelector')
  return {
    namespace: agreed(namespace, terms.namespace),
    exceptNamespace: terms.exceptNamespace,
    ...nameIn(terms, text('nameFilter')),
    namePrefix: text('namePrefix'),
    labels: labelSelector === '' ? [] : labelRequirements(labelSelector),
    labelSelector,
    startedAfter: timeIn(terms.startedAfter, 'spec.startedAt>'),
    startedBefore: timeIn(terms.startedBefore, 'spec.startedAt<'),
    createdAfter: timeIn(text('createdAfter'), 'createdAfter'),
    finishedBefore: timeIn(text('finishedBefore'), 'finishedBefore'),
    limit: wholeIn(query, 'listOptions.limit') ?? 0,
    ...placeIn(text('listOptions.continue')),
    query: queryIn(text('query'), now),
    now,
    countRemaining: terms.countRemaining,
  }
}

function nameIn({ name, exceptName }: Terms, filter: string) {
  if (exceptName !== '') return { name: exceptName, nameFilter: 'NotEquals' } as const
  return { name, nameFilter: filterIn(filter) }
}

/** Throws `InvalidArgument` with where and why a search is not understood. */
function queryIn(text: string, now: number): Query {
  const parsed = parseQuery(text, now)
  if ('query' in parsed) return parsed.query
  const { message, at } = parsed.problem
  const what = `query: ${message} (at character ${at + 1} of ${JSON.stringify(text)})`
  throw new ApiError('InvalidArgument', what, { problems: [{ path: 'query', message }] })
}

/** An offset as upstream's, or a place in the archive, which is a far greater number. */
function placeIn(text: string): Pick<ListOptions, 'offset' | 'before'> {
  const number = numberIn(text)
  return number < leastKey ? { offset: number, before: undefined } : { offset: 0, before: number }
}

function numberIn(text: string): number {
  if (text === '') return 0
  if (/^-\d+$/.test(text)) throw invalid('listOptions.continue must >= 0')
  if (!/^\d{1,16}$/.test(text)) throw invalid('listOptions.continue must be int')
  return Number(text)
}

function filterIn(text: string): NameFilter {
  const found = nameFilters.find((one) => one === (text || 'Exact'))
  if (found !== undefined) return found
  throw invalid(
    `nameFilter: expected one of ${nameFilters.join(', ')}, got ${JSON.stringify(text)}`,
  )
}

const noTerms = {
  namespace: '',
  exceptNamespace: '',
  name: '',
  exceptName: '',
  startedAfter: '',
  startedBefore: '',
  countRemaining: false,
}
type Terms = typeof noTerms
type TextTerm = Exclude<keyof Terms, 'countRemaining'>

/** The longer ones first: `=` is the beginning of `==`. */
const starts: readonly (readonly [string, TextTerm])[] = [
  ['metadata.namespace!=', 'exceptNamespace'],
  ['metadata.namespace==', 'namespace'],
  ['metadata.namespace=', 'namespace'],
  ['metadata.name!=', 'exceptName'],
  ['metadata.name==', 'name'],
  ['metadata.name=', 'name'],
  ['spec.startedAt>', 'startedAfter'],
  ['spec.startedAt<', 'startedBefore'],
]
const counting = 'ext.showRemainingItemCount='

function termsIn(selector: string): Terms {
  const terms = { ...noTerms }
  for (const text of selector.split(',').filter((one) => one !== '')) {
    if (text.startsWith(counting)) {
      const flag = new URLSearchParams({ [counting]: text.slice(counting.length) })
      terms.countRemaining = flagIn(flag, counting)
      continue
    }
    const found = starts.find(([start]) => text.startsWith(start))
    if (!found) throw invalid(`unsupported requirement ${text}`)
    terms[found[1]] = text.slice(found[0].length)
  }
  return terms
}

function agreed(path: string, selected: string): string {
  if (selected === '' || path === '') return selected || path
  if (selected === path) return path
  throw invalid(
    `'namespace' query param (${JSON.stringify(path)}) and fieldselector 'metadata.namespace' (${JSON.stringify(selected)}) are both specified and contradict each other`,
  )
}

/** Whether a workflow is wanted; its labels have been looked at already. */
export function isWanted(workflow: Workflow, options: ListOptions): boolean {
  const { query, now } = options
  if (!isInList(workflow, options)) return false
  return query.kind === 'all' || matchesQuery(query, runFacts(workflow, now))
}

function isInList({ metadata, status }: Workflow, options: ListOptions): boolean {
  const { name = '', namespace = '' } = metadata
  if (!nameFits(name, options)) return false
  if (options.exceptNamespace !== '' && namespace === options.exceptNamespace) return false
  const startedAt = timeOf(status?.startedAt)
  return (
    isAfter(startedAt, options.startedAfter) &&
    isBefore(startedAt, options.startedBefore) &&
    isAfter(timeOf(metadata.creationTimestamp), options.createdAfter) &&
    isBefore(timeOf(status?.finishedAt), options.finishedBefore)
  )
}

function nameFits(actual: string, { name, nameFilter, namePrefix }: ListOptions): boolean {
  if (!actual.startsWith(namePrefix)) return false
  if (name === '') return true
  if (nameFilter === 'Contains') return actual.includes(name)
  if (nameFilter === 'Prefix') return actual.startsWith(name)
  return (actual === name) === (nameFilter === 'Exact')
}

function timeOf(text: string | null | undefined): number | undefined {
  return text ? parseTime(text) : undefined
}

function isAfter(at: number | undefined, bound: number | undefined): boolean {
  return bound === undefined || (at !== undefined && at >= bound)
}

function isBefore(at: number | undefined, bound: number | undefined): boolean {
  return bound === undefined || (at !== undefined && at <= bound)
}
