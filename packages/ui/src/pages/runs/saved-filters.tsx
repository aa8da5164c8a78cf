import { useState } from 'react'
import { Ask } from '../../parts/ask.tsx'
import { Icon } from '../../parts/icon.tsx'
import { useSelected } from '../../state/observable.ts'
import { preferences } from '../../state/preferences.ts'
import { parseRunQuery, type RunQuery } from '../../state/run-query.ts'
import {
  type FilteredPage,
  queryOf,
  type SavedFilter,
  searchOf,
  withFilter,
  withoutFilter,
} from '../../state/saved-filters.ts'

interface SavedFiltersProps {
  readonly page: FilteredPage
  readonly query: RunQuery
  readonly show: (query: RunQuery) => void
}

/** Questions with names: this browser keeps them, and each of them is an address that can be sent to others. */
export function SavedFilters({ page, query, show }: SavedFiltersProps) {
  const filters = useSelected(preferences, filtersOf).filter((one) => one.page === page)
  const [naming, setNaming] = useState(false)
  const search = searchOf(query)
  const chosen = filters.find((one) => one.search === search)
  const turn = (filter: SavedFilter) =>
    show(filter === chosen ? parseRunQuery('') : queryOf(filter))
  const forget = (filter: SavedFilter) => {
    preferences.update((value) => ({ ...value, filters: withoutFilter(value.filters, filter) }))
    show({ ...query, filter: '' })
  }
  return (
    <fieldset className="chips plain">
      <legend className="unseen">Kept filters</legend>
      {filters.map((filter) => (
        <button
          key={filter.name}
          type="button"
          className="chip"
          aria-pressed={filter === chosen}
          onClick={() => turn(filter)}
        >
          <Icon name="layers" />
          {filter.name}
        </button>
      ))}
      {chosen && (
        <button
          type="button"
          className="button"
          data-look="bare"
          onClick={() => forget(chosen)}
          aria-label={`Forget the filter ${chosen.name}`}
        >
          Forget
        </button>
      )}
      {!chosen && search !== '' && (
        <button type="button" className="button" onClick={() => setNaming(true)}>
          <Icon name="plus" />
          {query.filter ? `Keep “${query.filter}”` : 'Keep filter'}
        </button>
      )}
      {naming && (
        <Naming
          name={query.filter}
          onClose={() => setNaming(false)}
          keep={(name) => {
            const filter = { page, name, search }
            preferences.update((value) => ({
              ...value,
              filters: withFilter(value.filters, filter),
            }))
            show(queryOf(filter))
          }}
        />
      )}
    </fieldset>
  )
}

const filtersOf = ({ filters }: { readonly filters: readonly SavedFilter[] }) => filters

interface NamingProps {
  readonly name: string
  readonly keep: (name: string) => void
  readonly onClose: () => void
}

function Naming({ name, keep, onClose }: NamingProps) {
  const [text, setText] = useState(name)
  return (
    <Ask title="Keep this filter" yes="Keep" onYes={() => keep(text.trim())} onClose={onClose}>
      <label className="field">
        <span className="label">Its name</span>
        <input
          className="input"
          required
          pattern=".*\S.*"
          maxLength={60}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <span className="hint">One of the same name is replaced. This browser keeps it.</span>
      </label>
    </Ask>
  )
}
