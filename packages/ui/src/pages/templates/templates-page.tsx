import { useState } from 'react'
import { relativeTime } from '../../format/time.ts'
import { segments } from '../../http/api.ts'
import { Blank } from '../../parts/blank.tsx'
import { DeedLink } from '../../parts/deed.tsx'
import { Labels } from '../../parts/labels.tsx'
import { Link } from '../../parts/link.tsx'
import { NamespacePicker } from '../../parts/namespace-picker.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { Unreadable } from '../../parts/unreadable.tsx'
import { useNow } from '../../parts/use-now.ts'
import { VirtualTable } from '../../parts/virtual-table.tsx'
import { useRights } from '../../state/rights.ts'
import type { TemplateKind } from '../../state/routes.ts'
import { creating } from '../../state/run-actions.ts'
import type { Stored } from '../../state/submission.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { CronStrips } from '../cron/cron-strips.tsx'
import { kindTexts } from './kind-texts.ts'

interface TemplatesPageProps {
  readonly kind: TemplateKind
  readonly namespace: string
}

/** All templates or schedules, with search; schedules with their ticks. */
export function TemplatesPage({ kind, namespace }: TemplatesPageProps) {
  const clusterWide = kind === 'cluster-workflow-templates'
  const path = clusterWide ? kind : `${kind}/${segments(namespace)}`
  const { value, error, again } = useAnswer<{ items?: readonly Stored[] | null }>(path)
  const [text, setText] = useState('')
  const shown = (value?.items ?? []).filter((one) => fits(one, text))
  return (
    <>
      <header>
        <h1>{kindTexts[kind].title}</h1>
        {!clusterWide && <NamespacePicker page={kind} namespace={namespace} />}
        <SearchField
          label="Search"
          placeholder="Name or label=value"
          value={text}
          change={setText}
        />
      </header>
      {error && (
        <Unreadable
          what={kindTexts[kind].title.toLowerCase()}
          error={error}
          again={again}
          {...(!clusterWide && { namespace, page: kind })}
        />
      )}
      {!error && value && shown.length === 0 && <Nothing kind={kind} searched={text !== ''} />}
      {shown.length > 0 && kind === 'cron-workflows' && (
        <CronStrips crons={shown} namespace={namespace} />
      )}
      {shown.length > 0 && kind !== 'cron-workflows' && (
        <Table kind={kind} list={shown} withNamespace={!clusterWide && namespace === ''} />
      )}
    </>
  )
}

function fits({ metadata }: Stored, text: string): boolean {
  const labels = Object.entries(metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`)
  return [metadata.name ?? '', ...labels].some((one) =>
    one.toLowerCase().includes(text.trim().toLowerCase()),
  )
}

function Nothing({ kind, searched }: { readonly kind: TemplateKind; readonly searched: boolean }) {
  if (searched) return <Blank title="Nothing fits the search" />
  return (
    <Blank title={`No ${kindTexts[kind].title.toLowerCase()} yet`}>
      <p>Create one from a file:</p>
      <pre>{kindTexts[kind].create}</pre>
    </Blank>
  )
}

interface TableProps {
  readonly kind: TemplateKind
  readonly list: readonly Stored[]
  readonly withNamespace: boolean
}

function Table({ kind, list, withNamespace }: TableProps) {
  const mayNot = useSubmitRights(list)
  const now = useNow()
  return (
    <VirtualTable
      label={kindTexts[kind].title}
      look="templates"
      items={list}
      rowHeight={36}
      keyOf={({ metadata }) => metadata.uid ?? metadata.name ?? ''}
      head={<Head withNamespace={withNamespace} />}
    >
      {({ metadata }, reachable) => (
        <>
          <td title={metadata.annotations?.['workflows.argoproj.io/description']}>
            <Link to={pathOf(kind, metadata)} tabIndex={reachable ? 0 : -1}>
              {metadata.name}
            </Link>
          </td>
          {withNamespace && <td className="quiet namespace-column">{metadata.namespace}</td>}
          <td className="labels-column">
            <Labels labels={metadata.labels ?? {}} />
          </td>
          <td className="number">{relativeTime(metadata.creationTimestamp, now)}</td>
          <td className="number">
            <DeedLink
              to={submitPath(kind, metadata)}
              tabIndex={reachable ? 0 : -1}
              whyNot={mayNot(metadata.namespace)}
            >
              Submit
              <span className="unseen"> {metadata.name}</span>
            </DeedLink>
          </td>
        </>
      )}
    </VirtualTable>
  )
}

/** Of a template of the cluster it is not known where its run would be. */
function useSubmitRights(list: readonly Stored[]) {
  const namespaces = new Set(list.flatMap(({ metadata }) => metadata.namespace ?? []))
  const whyNot = useRights([...namespaces].map((namespace) => ({ namespace })))
  return (namespace: string | undefined) => namespace && whyNot(creating, { namespace })
}

function Head({ withNamespace }: Pick<TableProps, 'withNamespace'>) {
  return (
    <>
      <th>Name</th>
      {withNamespace && <th className="namespace-column">Namespace</th>}
      <th className="labels-column">Labels</th>
      <th className="number">Created</th>
      <th className="number">
        <span className="unseen">Submit</span>
      </th>
    </>
  )
}

type Meta = Stored['metadata']

/** Where a stored thing's own page is. */
function pathOf(kind: TemplateKind, { name = '', namespace = '' }: Meta): string {
  const place = kind === 'cluster-workflow-templates' ? [name] : [namespace, name]
  return `${kind}/${segments(...place)}`
}

export function submitPath(kind: TemplateKind, { name = '', namespace = '' }: Meta): string {
  return `submit?template=${encodeURIComponent(`${kind}/${namespace}/${name}`)}`
}
