import { lazy, Suspense } from 'react'
import type { FlowGenre, FlowShape } from '../../graph/flow-shape.ts'
import { CloseButton } from '../../parts/close-button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { KubeEvents } from '../../parts/kube-events.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { YamlBlock } from '../../parts/yaml-block.tsx'
import { useParam } from '../../state/router.ts'
import { BindingSummary } from './binding-summary.tsx'
import { EntrySummary } from './entry-summary.tsx'
import { EventsSummary } from './events-summary.tsx'
import { genreIcon, genreWords } from './flow-box.tsx'
import { FlowLog } from './flow-log.tsx'
import { FlowRuns } from './flow-runs.tsx'
import type { FlowView } from './flow-view.ts'
import { RemoveButton } from './remove-button.tsx'
import { RunBrief } from './run-brief.tsx'

/** It brings the whole language of selectors with it. */
const SendEvent = lazy(async () => ({ default: (await import('./send-event.tsx')).SendEvent }))

interface FlowPanelProps {
  readonly id: string
  readonly view: FlowView
}

/** Beside the picture: everything about what was chosen in it. */
export function FlowPanel({ id, view }: FlowPanelProps) {
  const shape = view.shapes.get(id)
  return (
    <aside className="panel" aria-label={shape?.label ?? 'Not there'}>
      <header className="row">
        <div className="grow panel-title">
          {shape && (
            <span className="quiet genre">
              <Icon name={genreIcon[shape.genre]} />
              {genreWords[shape.genre]}
            </span>
          )}
          <h2>{shape?.label ?? 'Not there'}</h2>
        </div>
        <CloseButton label="Close (Escape)" close={() => view.select(undefined)} />
      </header>
      {shape && <OfShape shape={shape} view={view} />}
      {!shape && <p className="body quiet">There is no such thing here (any more).</p>}
    </aside>
  )
}

const titles = {
  summary: 'Summary',
  send: 'Send an event',
  runs: 'Runs',
  logs: 'Logs',
  events: 'Events',
  manifest: 'Manifest',
} as const

type Tab = keyof typeof titles

const tabsOf: Readonly<Record<FlowGenre, readonly Tab[]>> = {
  source: ['summary', 'logs', 'events', 'manifest'],
  event: ['summary', 'logs', 'events', 'manifest'],
  bus: ['summary', 'events', 'manifest'],
  sensor: ['summary', 'logs', 'events', 'manifest'],
  trigger: ['summary', 'runs', 'logs', 'events', 'manifest'],
  entry: ['summary', 'send'],
  binding: ['summary', 'runs', 'send', 'events', 'manifest'],
  run: ['summary'],
  more: ['summary'],
}

interface OfShapeProps {
  readonly shape: FlowShape
  readonly view: FlowView
}

function OfShape({ shape, view }: OfShapeProps) {
  const [name, setTab] = useParam('tab')
  // What is not there has nothing else to show.
  const possible = tabsOf[shape.genre].filter(
    (tab) => shape.object !== undefined || tab === 'summary' || tab === 'send',
  )
  const tab = possible.find((one) => one === name) ?? 'summary'
  return (
    <>
      {(shape.genre === 'source' || shape.genre === 'sensor') && <RemoveButton shape={shape} />}
      {possible.length > 1 && (
        <Tabs
          label="About it"
          tabs={possible.map((id) => ({ id, title: titles[id] }))}
          chosen={tab}
          choose={setTab}
        />
      )}
      <div className="panel-body" role="tabpanel" aria-label={titles[tab]}>
        {tab === 'summary' && <Summary shape={shape} view={view} />}
        {tab === 'send' && (
          <Suspense fallback={<div className="body" aria-busy="true" />}>
            <SendEvent namespace={shape.namespace} view={view} />
          </Suspense>
        )}
        {tab === 'runs' && <FlowRuns maker={shape.id} view={view} />}
        {tab === 'logs' && <FlowLog shape={shape} />}
        {tab === 'events' && <Events shape={shape} />}
        {tab === 'manifest' && <Manifest shape={shape} />}
      </div>
    </>
  )
}

function Summary({ shape, view }: OfShapeProps) {
  switch (shape.genre) {
    case 'entry':
      return <EntrySummary shape={shape} view={view} />
    case 'binding':
      return <BindingSummary shape={shape} />
    case 'run':
      return <RunBrief shape={shape} view={view} />
    default:
      return <EventsSummary shape={shape} view={view} />
  }
}

function Events({ shape: { object, namespace } }: Pick<OfShapeProps, 'shape'>) {
  const { kind = '', metadata: { name = '' } = {} } = object ?? {}
  return (
    <KubeEvents
      namespace={namespace}
      fieldSelector={`involvedObject.kind=${kind},involvedObject.name=${name}`}
      names={[name]}
      nothing={`No events of this ${kind}. Kubernetes forgets them after an hour.`}
    />
  )
}

function Manifest({ shape: { object } }: Pick<OfShapeProps, 'shape'>) {
  return (
    <div className="body stack">
      <YamlBlock title={object?.kind ?? ''} value={object} />
    </div>
  )
}
