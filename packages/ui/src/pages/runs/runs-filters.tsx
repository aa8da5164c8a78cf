import { completeQuery } from '@argosy/engine'
import { useEffect, useRef } from 'react'
import { type Phase, runPhases } from '../../format/phase.ts'
import { Icon } from '../../parts/icon.tsx'
import { phaseIcon } from '../../parts/phase-mark.tsx'
import { type RunQuery, runSorts, searchProblem } from '../../state/run-query.ts'

interface RunsFiltersProps {
  readonly query: RunQuery
  readonly counts: Readonly<Partial<Record<Phase, number>>>
  readonly change: (part: Partial<RunQuery>) => void
  readonly shown: number
}

const sortTitles = {
  newest: 'Newest first',
  oldest: 'Oldest first',
  name: 'By name',
  longest: 'Longest first',
} as const

/** What to show: everything that is chosen here stands in the address bar. */
export function RunsFilters({ query, counts, change, shown }: RunsFiltersProps) {
  return (
    <search className="bar">
      <SearchField
        text={query.text}
        problem={searchProblem(query, Date.now())}
        change={(text) => change({ text })}
      />
      <PhaseChips query={query} counts={counts} change={change} />
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
      <span className="grow" />
      <span className="quiet" role="status">
        {shown === 1 ? '1 run' : `${shown.toLocaleString('en')} runs`}
      </span>
      <select
        aria-label="Order"
        className="input"
        style={{ width: 'auto' }}
        value={query.sort}
        onChange={({ target }) =>
          change({ sort: runSorts.find((one) => one === target.value) ?? 'newest' })
        }
      >
        {runSorts.map((sort) => (
          <option key={sort} value={sort}>
            {sortTitles[sort]}
          </option>
        ))}
      </select>
    </search>
  )
}

interface SearchFieldProps {
  readonly text: string
  readonly problem: string | undefined
  readonly change: (text: string) => void
}

/** `/` comes here from anywhere on the page, Escape empties it. */
function SearchField({ text, problem, change }: SearchFieldProps) {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const jump = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof Element && event.target.closest('input,textarea,select')
      if (event.key !== '/' || typing) return
      event.preventDefault()
      field.current?.focus()
    }
    window.addEventListener('keydown', jump)
    return () => window.removeEventListener('keydown', jump)
  }, [])
  return (
    <div className="search">
      <Icon name="search" />
      <input
        ref={field}
        className="input"
        type="search"
        aria-label="Search runs"
        aria-describedby="search-problem"
        placeholder="Words, status = failed, started > -24h   ( / )"
        list="search-choices"
        autoComplete="off"
        value={text}
        onChange={({ target }) => change(target.value)}
        onKeyDown={({ key }) => key === 'Escape' && change('')}
      />
      <datalist id="search-choices">
        {choicesFor(text).map(({ value, about }) => (
          <option key={value} value={value}>
            {about}
          </option>
        ))}
      </datalist>
      <span id="search-problem" className="search-problem" role="status">
        {problem}
      </span>
    </div>
  )
}

/** The text as it would be with each of the words that may come next. */
function choicesFor(text: string) {
  if (text === '') return []
  const { from, choices } = completeQuery(text, text.length)
  return choices.map((one) => ({ value: text.slice(0, from) + one.text, about: one.about }))
}

function PhaseChips({ query, counts, change }: Omit<RunsFiltersProps, 'shown'>) {
  const turn = (phase: Phase) => {
    const on = query.phases.includes(phase)
    change({ phases: on ? query.phases.filter((one) => one !== phase) : [...query.phases, phase] })
  }
  return (
    <fieldset className="chips plain">
      <legend className="unseen">Phases</legend>
      {runPhases.map((phase) => (
        <button
          key={phase}
          type="button"
          className="chip"
          data-phase={phase}
          aria-pressed={query.phases.includes(phase)}
          onClick={() => turn(phase)}
        >
          <Icon name={phaseIcon[phase]} />
          {phase}
          <b>{counts[phase] ?? 0}</b>
        </button>
      ))}
    </fieldset>
  )
}
