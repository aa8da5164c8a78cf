import type { Workflow } from '@argosy/engine'
import { type KeyboardEvent, memo, useEffect, useRef, useState } from 'react'
import { isOver, runPhase } from '../../format/phase.ts'
import { exactTime, lasted, relativeTime } from '../../format/time.ts'
import { Link } from '../../parts/link.tsx'
import { PhaseMark } from '../../parts/phase-mark.tsx'
import { useNow } from '../../parts/use-now.ts'
import { useVisibleRows } from '../../parts/use-visible-rows.ts'
import { runPath } from '../../state/routes.ts'
import { keyOf } from '../../state/run-list.ts'

interface RunsTableProps {
  readonly runs: readonly Workflow[]
  readonly chosen: ReadonlySet<string>
  readonly choose: (chosen: ReadonlySet<string>) => void
  readonly withNamespace: boolean
  readonly addLabel: (label: string) => void
}

const rowHeight = 34
const headHeight = 30

/** Only the rows near the screen exist. Arrows move, Enter opens, x chooses. */
export function RunsTable({ runs, chosen, choose, withNamespace, addLabel }: RunsTableProps) {
  const { ref, window, show } = useVisibleRows(runs.length, rowHeight)
  const [active, setActive] = useState(0)
  const now = useNow()
  const body = useRef<HTMLTableSectionElement>(null)
  const moved = useRef(false)
  useEffect(() => {
    if (!moved.current) return
    moved.current = false
    body.current
      ?.querySelector<HTMLElement>(`[data-row="${active}"] a`)
      ?.focus({ preventScroll: true })
  })
  const turn = (run: Workflow) => {
    const key = keyOf(run)
    choose(new Set(chosen.has(key) ? [...chosen].filter((one) => one !== key) : [...chosen, key]))
  }
  const keys = (event: KeyboardEvent) => {
    const run = runs[active]
    if (event.key === 'x' && run) return turn(run)
    const next = moveTo(event.key, active, runs.length)
    if (next === undefined) return
    event.preventDefault()
    moved.current = true
    setActive(next)
    show(next, headHeight)
  }
  return (
    <section className="scroller" ref={ref} aria-label="Runs">
      <table className="rows runs" aria-rowcount={runs.length + 1} onKeyDown={keys}>
        <Head runs={runs} chosen={chosen} choose={choose} withNamespace={withNamespace} />
        <tbody ref={body}>
          <tr className="gap" style={{ height: window.before }} />
          {runs.slice(window.first, window.end).map((run, offset) => (
            <Row
              key={keyOf(run)}
              run={run}
              index={window.first + offset}
              reachable={window.first + offset === Math.min(active, runs.length - 1)}
              chosen={chosen.has(keyOf(run))}
              // What is over does not change with the time, but its age does, slowly.
              now={isOver(runPhase(run)) ? Math.floor(now / 10_000) * 10_000 : now}
              withNamespace={withNamespace}
              turn={turn}
              activate={setActive}
              addLabel={addLabel}
            />
          ))}
          <tr className="gap" style={{ height: window.after }} />
        </tbody>
      </table>
    </section>
  )
}

function moveTo(key: string, from: number, count: number): number | undefined {
  const last = count - 1
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: from + 1,
    j: from + 1,
    ArrowUp: from - 1,
    k: from - 1,
    PageDown: from + 15,
    PageUp: from - 15,
    Home: 0,
    End: last,
  }
  const target = targets[key]
  return target === undefined ? undefined : Math.min(last, Math.max(0, target))
}

function Head({ runs, chosen, choose, withNamespace }: Omit<RunsTableProps, 'addLabel'>) {
  const all = runs.length > 0 && runs.every((run) => chosen.has(keyOf(run)))
  return (
    <thead>
      <tr>
        <th className="pick">
          <input
            type="checkbox"
            aria-label="Choose all runs that are shown"
            checked={all}
            onChange={() => choose(new Set(all ? [] : runs.map(keyOf)))}
          />
        </th>
        <th className="phase-column">Phase</th>
        <th>Name</th>
        {withNamespace && <th className="namespace-column">Namespace</th>}
        <th className="number">Progress</th>
        <th className="number">Started</th>
        <th className="number">Duration</th>
        <th className="message-column">Message</th>
      </tr>
    </thead>
  )
}

interface RowProps {
  readonly run: Workflow
  readonly index: number
  readonly reachable: boolean
  readonly chosen: boolean
  readonly now: number
  readonly withNamespace: boolean
  readonly turn: (run: Workflow) => void
  readonly activate: (index: number) => void
  readonly addLabel: (label: string) => void
}

const origins = ['cron-workflow', 'workflow-template', 'cluster-workflow-template'] as const

const Row = memo(function Row(props: RowProps) {
  const { run, index, reachable, chosen, now, withNamespace, turn, activate, addLabel } = props
  const { name = '', namespace = '', labels = {}, annotations = {} } = run.metadata
  const { startedAt, finishedAt, message, progress } = run.status ?? {}
  const origin = origins.map((one) => `workflows.argoproj.io/${one}`).find((key) => labels[key])
  return (
    <tr
      data-row={index}
      aria-rowindex={index + 2}
      data-chosen={chosen}
      style={{ height: rowHeight }}
    >
      <td>
        <input
          type="checkbox"
          aria-label={`Choose ${name}`}
          tabIndex={-1}
          checked={chosen}
          onChange={() => turn(run)}
        />
      </td>
      <td>
        <PhaseMark phase={runPhase(run)} {...(run.spec?.suspend && { word: 'Suspended' })} />
      </td>
      <td onFocus={() => activate(index)} title={name}>
        <Link to={runPath(namespace, name)} tabIndex={reachable ? 0 : -1}>
          {annotations['workflows.argoproj.io/title'] ?? name}
        </Link>
        {origin && (
          <button
            type="button"
            className="origin"
            tabIndex={-1}
            title={`Only runs of ${labels[origin]}`}
            onClick={() => addLabel(`${origin}=${labels[origin]}`)}
          >
            {labels[origin]}
          </button>
        )}
      </td>
      {withNamespace && <td className="quiet">{namespace}</td>}
      <td className="number quiet">{progress ?? ''}</td>
      <td className="number" title={exactTime(startedAt)}>
        {relativeTime(startedAt, now)}
      </td>
      <td className="number">{lasted(startedAt, finishedAt, now)}</td>
      <td className="quiet" title={message}>
        {message}
      </td>
    </tr>
  )
})
