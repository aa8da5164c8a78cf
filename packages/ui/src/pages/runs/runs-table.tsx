import type { Workflow } from '@argosy/engine'
import { memo, useCallback, useMemo } from 'react'
import { isOver, runPhase } from '../../format/phase.ts'
import { exactTime, lasted, relativeTime } from '../../format/time.ts'
import { Link } from '../../parts/link.tsx'
import { PhaseMark } from '../../parts/phase-mark.tsx'
import { Prose } from '../../parts/prose.tsx'
import { useNow } from '../../parts/use-now.ts'
import { VirtualTable } from '../../parts/virtual-table.tsx'
import { keyOf } from '../../state/run-list.ts'

interface RunsTableProps {
  readonly label: string
  readonly runs: readonly Workflow[]
  readonly pathOf: (run: Workflow) => string
  readonly chosen: ReadonlySet<string>
  readonly choose: (chosen: ReadonlySet<string>) => void
  readonly withNamespace: boolean
  readonly addLabel: (label: string) => void
  /** The last row has come near. */
  readonly onEnd?: () => void
}

/** Arrows move, Enter opens, x chooses. */
export function RunsTable(props: RunsTableProps) {
  const { label, runs, pathOf, chosen, choose, withNamespace, addLabel, onEnd } = props
  const now = useNow()
  const turn = useCallback(
    (run: Workflow) => {
      const key = keyOf(run)
      choose(new Set(chosen.has(key) ? [...chosen].filter((one) => one !== key) : [...chosen, key]))
    },
    [chosen, choose],
  )
  return (
    <VirtualTable
      label={label}
      look="runs"
      items={runs}
      rowHeight={34}
      keyOf={keyOf}
      head={<Head {...{ runs, chosen, choose, withNamespace }} />}
      isChosen={(run) => chosen.has(keyOf(run))}
      onKey={(key, run) => key === 'x' && turn(run)}
      {...(onEnd && { onEnd })}
    >
      {(run, reachable) => (
        <Cells
          run={run}
          path={pathOf(run)}
          reachable={reachable}
          chosen={chosen.has(keyOf(run))}
          // What is over does not change with the time, but its age does, slowly.
          now={isOver(runPhase(run)) ? Math.floor(now / 10_000) * 10_000 : now}
          withNamespace={withNamespace}
          turn={turn}
          addLabel={addLabel}
        />
      )}
    </VirtualTable>
  )
}

type HeadProps = Pick<RunsTableProps, 'runs' | 'chosen' | 'choose' | 'withNamespace'>

function Head({ runs, chosen, choose, withNamespace }: HeadProps) {
  const all = useMemo(
    () => runs.length > 0 && runs.every((run) => chosen.has(keyOf(run))),
    [runs, chosen],
  )
  return (
    <>
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
    </>
  )
}

interface CellsProps extends Pick<RunsTableProps, 'withNamespace' | 'addLabel'> {
  readonly run: Workflow
  readonly path: string
  readonly reachable: boolean
  readonly chosen: boolean
  readonly now: number
  readonly turn: (run: Workflow) => void
}

const origins = ['cron-workflow', 'workflow-template', 'cluster-workflow-template'] as const

const Cells = memo(function Cells(props: CellsProps) {
  const { run, path, reachable, chosen, now, withNamespace, turn, addLabel } = props
  const { name = '', namespace = '', labels = {}, annotations = {} } = run.metadata
  const { startedAt, finishedAt, message, progress } = run.status ?? {}
  const origin = origins.map((one) => `workflows.argoproj.io/${one}`).find((key) => labels[key])
  return (
    <>
      <td className="pick">
        <input
          type="checkbox"
          aria-label={`Choose ${name}`}
          tabIndex={reachable ? 0 : -1}
          checked={chosen}
          onChange={() => turn(run)}
        />
      </td>
      <td className="phase-column">
        <PhaseMark phase={runPhase(run)} {...(run.spec?.suspend && { word: 'Suspended' })} />
      </td>
      <td title={name}>
        <Link to={path} tabIndex={reachable ? 0 : -1}>
          <Prose text={annotations['workflows.argoproj.io/title'] ?? name} linked={false} />
        </Link>
        {origin && (
          <button
            type="button"
            className="origin"
            tabIndex={reachable ? 0 : -1}
            title={`Only runs of ${labels[origin]}`}
            onClick={() => addLabel(`${origin}=${labels[origin]}`)}
          >
            {labels[origin]}
          </button>
        )}
      </td>
      {withNamespace && <td className="quiet namespace-column">{namespace}</td>}
      <td className="number quiet">{progress ?? ''}</td>
      <td className="number" title={exactTime(startedAt)}>
        {relativeTime(startedAt, now)}
      </td>
      <td className="number">{lasted(startedAt, finishedAt, now)}</td>
      <td className="quiet" title={message}>
        {message}
      </td>
    </>
  )
})
