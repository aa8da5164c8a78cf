import { completeQuery } from '@argosy/engine'
import { useEffect, useRef } from 'react'
import { SearchField } from '../../parts/search-field.tsx'

interface QuerySearchProps {
  readonly text: string
  readonly problem: string | undefined
  readonly change: (text: string) => void
}

/** The search by docs/search.md. `/` comes here from anywhere on the page, Escape empties it. */
export function QuerySearch({ text, problem, change }: QuerySearchProps) {
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
    <SearchField
      ref={field}
      label="Search runs"
      aria-describedby="search-problem"
      placeholder="Words, status = failed, started > -24h   ( / )"
      list="search-choices"
      autoComplete="off"
      value={text}
      change={change}
      onKeyDown={({ key }) => key === 'Escape' && change('')}
    >
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
    </SearchField>
  )
}

/** The text as it would be with each of the words that may come next. */
function choicesFor(text: string) {
  if (text === '') return []
  const { from, choices } = completeQuery(text, text.length)
  return choices.map((one) => ({ value: text.slice(0, from) + one.text, about: one.about }))
}
