import type { Workflow } from '@argosy/engine'
import { useDeferredValue, useMemo, useState } from 'react'
import { runPhase } from '../format/phase.ts'
import { exactTime, lasted, relativeTime } from '../format/time.ts'
import { Blank } from '../parts/blank.tsx'
import { Icon } from '../parts/icon.tsx'
import { Link } from '../parts/link.tsx'
import { PhaseMark } from '../parts/phase-mark.tsx'
import { useNow } from '../parts/use-now.ts'
import { useVisibleRows } from '../parts/use-visible-rows.ts'
import { runPath } from '../state/routes.ts'
import { parseRunQuery, selectRuns } from '../state/run-query.ts'
import { useAnswer } from '../state/use-answer.ts'

const rowHeight = 34

/** Runs that are over and kept. */
export function ArchivedPage() {
  const { value, error } = useAnswer<{ items?: readonly Workflow[] | null }>('archived-workflows', {
    'listOptions.limit': 1000,
  })
  const [text, setText] = useState('')
  const wanted = useDeferredValue(text)
  const shown = useMemo(
    () => selectRuns(value?.items ?? [], { ...parseRunQuery(''), text: wanted }, Date.now()),
    [value, wanted],
  )
  return (
    <>
      <header>
        <h1>Archive</h1>
        <div className="search">
          <Icon name="search" />
          <input
            className="input"
            type="search"
            aria-label="Search the archive"
            placeholder="Name, message, label=value"
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </div>
      </header>
      {error && (
        <Blank title="The archive could not be read">
          <p>{error}</p>
        </Blank>
      )}
      {value && shown.length === 0 && (
        <Blank title={text ? 'Nothing fits the search' : 'The archive is empty'} />
      )}
      {shown.length > 0 && <Table runs={shown} />}
    </>
  )
}

function Table({ runs }: { readonly runs: readonly Workflow[] }) {
  const now = useNow()
  const { ref, window } = useVisibleRows(runs.length, rowHeight)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="scroller" aria-label="Archived runs" tabIndex={0} ref={ref}>
      <table className="rows" aria-rowcount={runs.length + 1}>
        <thead>
          <tr>
            <th className="phase-column">Phase</th>
            <th>Name</th>
            <th className="namespace-column">Namespace</th>
            <th className="number">Started</th>
            <th className="number">Duration</th>
          </tr>
        </thead>
        <tbody>
          <tr className="gap" style={{ height: window.before }} />
          {runs.slice(window.first, window.end).map((run) => (
            <Row key={run.metadata.uid} run={run} now={now} />
          ))}
          <tr className="gap" style={{ height: window.after }} />
        </tbody>
      </table>
    </section>
  )
}

function Row({ run, now }: { readonly run: Workflow; readonly now: number }) {
  const { name = '', namespace = '', uid = '' } = run.metadata
  const { startedAt, finishedAt } = run.status ?? {}
  return (
    <tr style={{ height: rowHeight }}>
      <td>
        <PhaseMark phase={runPhase(run)} />
      </td>
      <td title={name}>
        <Link to={`${runPath(namespace, name)}?uid=${encodeURIComponent(uid)}`}>{name}</Link>
      </td>
      <td className="quiet">{namespace}</td>
      <td className="number" title={exactTime(startedAt)}>
        {relativeTime(startedAt, now)}
      </td>
      <td className="number">{lasted(startedAt, finishedAt, now)}</td>
    </tr>
  )
}
