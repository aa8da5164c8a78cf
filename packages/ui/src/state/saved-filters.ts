import { formatRunQuery, parseRunQuery, type RunQuery } from './run-query.ts'

/** The lists that can be filtered, by their path. */
export type FilteredPage = 'workflows' | 'archived-workflows'

/** A question that was given a name, as it stands in the address bar. */
export interface SavedFilter {
  readonly page: FilteredPage
  readonly name: string
  readonly search: string
}

/** What is asked, without its name; nothing when everything is shown. */
export function searchOf(query: RunQuery): string {
  return formatRunQuery({ ...query, filter: '' })
}

/** The question of a kept filter, with its name. */
export function queryOf({ name, search }: SavedFilter): RunQuery {
  return { ...parseRunQuery(search), filter: name }
}

/** The list with this one, in place of one of the same name. */
export function withFilter(
  filters: readonly SavedFilter[],
  filter: SavedFilter,
): readonly SavedFilter[] {
  return [...withoutFilter(filters, filter), filter]
}

export function withoutFilter(
  filters: readonly SavedFilter[],
  { page, name }: Pick<SavedFilter, 'page' | 'name'>,
): readonly SavedFilter[] {
  return filters.filter((one) => one.page !== page || one.name !== name)
}
