import { isOver, type Phase, runPhases } from '../../format/phase.ts'
import { Choice } from '../../parts/choice.tsx'
import { Icon } from '../../parts/icon.tsx'
import { phaseIcon } from '../../parts/phase-mark.tsx'
import { type RunQuery, runSorts, searchProblem } from '../../state/run-query.ts'
import type { FilteredPage } from '../../state/saved-filters.ts'
import { QuerySearch } from './query-search.tsx'
import { SavedFilters } from './saved-filters.tsx'

interface RunsFiltersProps {
  readonly page: FilteredPage
  readonly query: RunQuery
  readonly show: (query: RunQuery) => void
  /** How many runs there are of each phase, where that is known. */
  readonly counts?: Readonly<Partial<Record<Phase, number>>>
  /** How many are shown, in words. */
  readonly shown: string
}

const sortTitles = {
  newest: 'Newest first',
  oldest: 'Oldest first',
  name: 'By name',
  longest: 'Longest first',
} as const

const sorts = runSorts.map((sort) => [sort, sortTitles[sort]] as const)

/** What to show: everything that is chosen here stands in the address bar. */
export function RunsFilters({ page, query, show, counts, shown }: RunsFiltersProps) {
  const change = (part: Partial<RunQuery>) => show({ ...query, filter: '', ...part })
  return (
    <search className="bar">
      <QuerySearch
        text={query.text}
        problem={searchProblem(query, Date.now())}
        change={(text) => change({ text })}
      />
      <PhaseChips
        offered={page === 'workflows' ? runPhases : runPhases.filter(isOver)}
        chosen={query.phases}
        counts={counts}
        choose={(phases) => change({ phases })}
      />
      {query.labels.map((label) => (
        <button
          key={label}
          type="button"
          className="chip"
          aria-label={`Remove the filter ${label}`}
          onClick={() => change({ labels: query.labels.filter((one) => one !== label) })}
        >
          {label}
          <Icon name="cross" />
        </button>
      ))}
      <SavedFilters page={page} query={query} show={show} />
      <div className="row bar-end">
        <span className="quiet" role="status">
          {shown}
        </span>
        {page === 'workflows' && (
          <Choice
            label="Order"
            value={query.sort}
            options={sorts}
            choose={(sort) => change({ sort })}
          />
        )}
      </div>
    </search>
  )
}

interface PhaseChipsProps {
  readonly offered: readonly Phase[]
  readonly chosen: readonly Phase[]
  readonly counts: RunsFiltersProps['counts'] | undefined
  readonly choose: (phases: readonly Phase[]) => void
}

function PhaseChips({ offered, chosen, counts, choose }: PhaseChipsProps) {
  const turn = (phase: Phase) =>
    choose(chosen.includes(phase) ? chosen.filter((one) => one !== phase) : [...chosen, phase])
  return (
    <fieldset className="chips plain">
      <legend className="unseen">Phases</legend>
      {offered.map((phase) => (
        <button
          key={phase}
          type="button"
          className="chip"
          data-phase={phase}
          aria-pressed={chosen.includes(phase)}
          onClick={() => turn(phase)}
        >
          <Icon name={phaseIcon[phase]} />
          {phase}
          {counts && <b>{(counts[phase] ?? 0).toLocaleString('en')}</b>}
        </button>
      ))}
    </fieldset>
  )
}
