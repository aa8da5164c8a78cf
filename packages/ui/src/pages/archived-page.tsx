import type { Workflow } from '@argosy/engine'
import { useEffect, useMemo, useState } from 'react'
import { type Phase, runPhases } from '../format/phase.ts'
import { Blank } from '../parts/blank.tsx'
import { NamespacePicker } from '../parts/namespace-picker.tsx'
import { Unreadable } from '../parts/unreadable.tsx'
import { type ArchivePages, type ArchiveReader, archiveReader } from '../state/archive-pages.ts'
import { useValue } from '../state/observable.ts'
import { navigate, usePlace } from '../state/router.ts'
import { runPath } from '../state/routes.ts'
import { actInArchive, archiveActions } from '../state/run-actions.ts'
import { keyOf } from '../state/run-list.ts'
import { archiveQuestion, type RunQuery, searchProblem } from '../state/run-query.ts'
import { useLive } from '../state/use-live.ts'
import { BulkBar } from './runs/bulk-bar.tsx'
import { RunsFilters } from './runs/runs-filters.tsx'
import { RunsTable } from './runs/runs-table.tsx'
import { useRunQuery } from './runs/use-run-query.ts'

/** Runs that are over and kept: the server searches them, and they come as far as one scrolls. */
export function ArchivedPage({ namespace }: { readonly namespace: string }) {
  const reader = useLive('archive', archiveReader)
  return (
    <>
      <header>
        <h1>Archive</h1>
        <NamespacePicker page="archived-workflows" namespace={namespace} />
      </header>
      {reader ? (
        <Archive reader={reader} namespace={namespace} />
      ) : (
        <div className="scroller" aria-busy="true" />
      )}
    </>
  )
}

interface ArchiveProps {
  readonly reader: ArchiveReader
  readonly namespace: string
}

function Archive({ reader, namespace }: ArchiveProps) {
  const { search } = usePlace()
  const pages = useValue(reader.pages)
  const { query, show, addLabel } = useRunQuery()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(none)
  useQuestion(reader, query, namespace)
  const picked = useMemo(() => pages.runs.filter((run) => chosen.has(keyOf(run))), [pages, chosen])
  return (
    <>
      <RunsFilters
        page="archived-workflows"
        query={query}
        show={show}
        {...(pages.counts && { counts: pages.counts })}
        shown={countOf(pages, query.phases)}
      />
      {picked.length > 0 && (
        <BulkBar
          runs={picked}
          actions={archiveActions}
          act={actInArchive}
          clear={() => setChosen(none)}
          onDone={reader.again}
        />
      )}
      {pages.runs.length > 0 ? (
        <RunsTable
          key={pages.round}
          label="Archived runs"
          runs={pages.runs}
          pathOf={pathOf}
          chosen={chosen}
          choose={setChosen}
          withNamespace={namespace === ''}
          addLabel={addLabel}
          onEnd={reader.more}
        />
      ) : (
        <NoRuns {...{ pages, reader, namespace }} filtered={search !== ''} />
      )}
      {pages.state === 'broken' && pages.runs.length > 0 && (
        <Broken {...{ pages, reader, namespace }} />
      )}
    </>
  )
}
const none: ReadonlySet<string> = new Set()

/** Half a search, while it is typed, is none: what was asked before stays. */
function useQuestion(reader: ArchiveReader, query: RunQuery, namespace: string): void {
  const { query: text, 'listOptions.labelSelector': labels } = archiveQuestion(query)
  const { query: ofAllPhases } = archiveQuestion({ ...query, phases: [] })
  const problem = searchProblem(query, Date.now())
  useEffect(() => {
    if (problem !== undefined) return
    const place = { namespace, 'listOptions.labelSelector': labels }
    reader.ask({ wanted: { ...place, query: text }, counted: { ...place, query: ofAllPhases } })
  }, [reader, namespace, text, ofAllPhases, labels, problem])
}

function pathOf({ metadata }: Workflow): string {
  const { namespace = '', name = '', uid = '' } = metadata
  return `${runPath(namespace, name)}?uid=${encodeURIComponent(uid)}`
}

function countOf({ runs, state, counts }: ArchivePages, phases: readonly Phase[]): string {
  const count = runs.length.toLocaleString('en')
  if (state === 'more' && counts) {
    const chosen = phases.length === 0 ? runPhases : phases
    const all = chosen.reduce((sum, phase) => sum + (counts[phase] ?? 0), 0)
    return `the newest ${count} of ${all.toLocaleString('en')} runs`
  }
  if (state === 'reading') return runs.length === 0 ? 'reading …' : `${count} runs, reading …`
  if (runs.length === 1 && state === 'all') return '1 run'
  return state === 'more' ? `the newest ${count} runs` : `${count} runs`
}

interface NoRunsProps {
  readonly pages: ArchivePages
  readonly reader: ArchiveReader
  readonly namespace: string
  readonly filtered: boolean
}

function NoRuns({ pages, reader, namespace, filtered }: NoRunsProps) {
  const { path } = usePlace()
  if (pages.state === 'broken') return <Broken {...{ pages, reader, namespace }} />
  if (pages.state === 'reading') return <div className="scroller" aria-busy="true" />
  if (filtered) {
    return (
      <Blank title="No archived run fits these filters">
        <button type="button" className="button" onClick={() => navigate(path, 'replace')}>
          Show all of the archive
        </button>
      </Blank>
    )
  }
  return (
    <Blank title="The archive is empty">
      <p>Runs come here when they end, and stay when they are deleted.</p>
    </Blank>
  )
}

function Broken({ pages, reader, namespace }: Omit<NoRunsProps, 'filtered'>) {
  if (!pages.error) return null
  return (
    <Unreadable
      what="archive"
      page="archived-workflows"
      error={pages.error}
      again={reader.more}
      namespace={namespace}
    />
  )
}
