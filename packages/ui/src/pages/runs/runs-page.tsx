import type { Workflow } from '@argosy/engine'
import { useEffect, useMemo, useState } from 'react'
import { Blank } from '../../parts/blank.tsx'
import { NamespacePicker } from '../../parts/namespace-picker.tsx'
import { Unreadable } from '../../parts/unreadable.tsx'
import { whenIdle } from '../../state/idle.ts'
import { type LiveRuns, liveRuns } from '../../state/live-runs.ts'
import { useSelected, useValue } from '../../state/observable.ts'
import { preferences } from '../../state/preferences.ts'
import { navigate, usePlace } from '../../state/router.ts'
import { runPath } from '../../state/routes.ts'
import { act, runActions } from '../../state/run-actions.ts'
import { keyOf, type RunList } from '../../state/run-list.ts'
import { inOrder, prepareSearch, searchRuns } from '../../state/run-query.ts'
import { useLive } from '../../state/use-live.ts'
import { BulkBar } from './bulk-bar.tsx'
import { LiveMark } from './live-mark.tsx'
import { RunsFilters } from './runs-filters.tsx'
import { RunsTable } from './runs-table.tsx'
import { SubmitLink } from './submit-link.tsx'
import { useRunQuery } from './use-run-query.ts'

/** All runs of a namespace, or of all of them. */
export function RunsPage({ namespace }: { readonly namespace: string }) {
  const live = useLive(namespace, () => liveRuns(namespace))
  useEffect(() => preferences.update((value) => ({ ...value, namespace })), [namespace])
  return (
    <>
      <header>
        <h1>Runs</h1>
        <NamespacePicker page="workflows" namespace={namespace} />
        <span className="grow" />
        {live && <LiveMark health={live.health} />}
        <SubmitLink namespace={namespace} icon="plus">
          Submit
        </SubmitLink>
      </header>
      {live ? <Runs live={live} namespace={namespace} /> : <div className="scroller" />}
    </>
  )
}

function Runs({ live, namespace }: { readonly live: LiveRuns; readonly namespace: string }) {
  const { path } = usePlace()
  const list = useValue(live.list)
  const { query, show, addLabel } = useRunQuery()
  usePreparedSearch(list)
  const ordered = useMemo(() => inOrder([...list.runs.values()], query.sort), [list, query.sort])
  const { shown, counts } = useMemo(() => searchRuns(ordered, query, Date.now()), [ordered, query])
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const picked = useMemo(() => shown.filter((run) => chosen.has(keyOf(run))), [shown, chosen])
  return (
    <>
      <RunsFilters
        page="workflows"
        query={query}
        show={show}
        counts={counts}
        shown={countOf(shown.length, list.isCut)}
      />
      {picked.length > 0 && (
        <BulkBar runs={picked} actions={runActions} act={act} clear={() => setChosen(new Set())} />
      )}
      {shown.length > 0 ? (
        <RunsTable
          label="Runs"
          runs={shown}
          pathOf={pathOf}
          chosen={chosen}
          choose={setChosen}
          withNamespace={namespace === ''}
          addLabel={addLabel}
        />
      ) : (
        <NoRuns
          live={live}
          namespace={namespace}
          filtered={list.runs.size > 0}
          reset={() => navigate(path, 'replace')}
        />
      )}
    </>
  )
}

function pathOf({ metadata }: Workflow): string {
  return runPath(metadata.namespace ?? '', metadata.name ?? '')
}

/** A little at a time, so that the first letter is as quick as the others. */
function usePreparedSearch({ runs }: RunList): void {
  useEffect(() => {
    const left = runs.values()
    return whenIdle(() => prepareSearch(left, 200, Date.now()))
  }, [runs])
}

function countOf(count: number, isCut: boolean): string {
  if (isCut) return `${count.toLocaleString('en')} runs of the newest 5,000; the archive has all`
  return count === 1 ? '1 run' : `${count.toLocaleString('en')} runs`
}

interface NoRunsProps {
  readonly live: LiveRuns
  readonly namespace: string
  readonly filtered: boolean
  readonly reset: () => void
}

function NoRuns({ live, namespace, filtered, reset }: NoRunsProps) {
  const loaded = useSelected(live.list, isLoaded)
  const error = useSelected(live.health, errorOf)
  if (filtered) {
    return (
      <Blank title="No run fits these filters">
        <button type="button" className="button" onClick={reset}>
          Show all runs
        </button>
      </Blank>
    )
  }
  if (error && !loaded) {
    return <Unreadable what="runs" page="workflows" error={error} namespace={namespace} />
  }
  if (!loaded) return <div className="scroller" aria-busy="true" />
  return (
    <Blank title="No runs yet">
      <p>Submit one here, or from a terminal:</p>
      <pre>argosy submit --watch examples/hello-world.yaml</pre>
      <SubmitLink namespace={namespace}>Submit a run</SubmitLink>
    </Blank>
  )
}
const isLoaded = ({ loaded }: { readonly loaded: boolean }) => loaded
const errorOf = ({ error }: { readonly error?: Error | undefined }) => error
