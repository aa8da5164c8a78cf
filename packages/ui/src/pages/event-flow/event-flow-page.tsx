import type { Workflow } from '@argosy/engine'
import { useDeferredValue, useEffect, useMemo, useRef } from 'react'
import { type Flow, flowOf } from '../../graph/flow.ts'
import { runsByMaker } from '../../graph/flow-bindings.ts'
import { flowId } from '../../graph/flow-shape.ts'
import { Icon } from '../../parts/icon.tsx'
import { NamespacePicker } from '../../parts/namespace-picker.tsx'
import { Unreadable } from '../../parts/unreadable.tsx'
import { useEscape } from '../../parts/use-escape.ts'
import { useNow } from '../../parts/use-now.ts'
import type { EventFlow } from '../../state/event-flow.ts'
import { type LiveEventFlow, liveEventFlow } from '../../state/live-event-flow.ts'
import { useValue } from '../../state/observable.ts'
import { navigate, useParam, usePlace, withParam } from '../../state/router.ts'
import { useLive } from '../../state/use-live.ts'
import { LiveMark } from '../runs/live-mark.tsx'
import { FlowGraph } from './flow-graph.tsx'
import { FlowNotices } from './flow-notices.tsx'
import { FlowPanel } from './flow-panel.tsx'
import { NoFlow } from './no-flow.tsx'

interface EventFlowPageProps {
  readonly namespace: string
  /** What an old link is for. */
  readonly chosen: string | undefined
}

/** Where events come from, and what they lead to. */
export function EventFlowPage({ namespace, chosen }: EventFlowPageProps) {
  useEffect(() => {
    if (chosen === undefined) return
    const place = `event-flow/${encodeURIComponent(namespace)}`
    navigate(`${place}?nodeId=${encodeURIComponent(chosen)}`, 'replace')
  }, [namespace, chosen])
  const live = useLive(namespace, () => liveEventFlow(namespace))
  if (!live) return <div className="scroller" aria-busy="true" />
  return <Found namespace={namespace} live={live} />
}

interface FoundProps {
  readonly namespace: string
  readonly live: LiveEventFlow
}

function Found({ namespace, live }: FoundProps) {
  const told = useDeferredValue(useValue(live.flow))
  const { error } = useValue(live.health)
  const [hidden, setHidden] = useParam('runs')
  const withRuns = hidden !== 'hidden'
  const flow = useFlow(told, withRuns)
  return (
    <>
      <header>
        <h1>Event flow</h1>
        <NamespacePicker page="event-flow" namespace={namespace} />
        <LiveMark health={live.health} />
        <span className="grow" />
        {flow.shapes.length > 0 && (
          <button
            type="button"
            className="chip"
            aria-pressed={withRuns}
            onClick={() => setHidden(withRuns ? 'hidden' : undefined)}
          >
            Runs
          </button>
        )}
        <SendButton flow={flow} namespace={namespace} />
      </header>
      {!told.loaded && error && (
        <Unreadable what="event flow" error={error} namespace={namespace} page="event-flow" />
      )}
      {!told.loaded && !error && <div className="scroller" aria-busy="true" />}
      {told.loaded && <FlowNotices told={told} flow={flow} />}
      {told.loaded && flow.shapes.length === 0 && <NoFlow namespace={namespace} />}
      {flow.shapes.length > 0 && <Drawn told={told} flow={flow} />}
    </>
  )
}

function useFlow({ objects, refused }: EventFlow, withRuns: boolean): Flow {
  return useMemo(() => {
    const unseen = new Set(refused.map(({ kind }) => kind))
    return flowOf(objects.values(), { withRuns, unseen })
  }, [objects, refused, withRuns])
}

/** Opens the form of the only place that events are posted to; with several, one of them is chosen in the picture. */
function SendButton({ flow, namespace }: { readonly flow: Flow; readonly namespace: string }) {
  const { path, search } = usePlace()
  const entries = flow.shapes.filter(({ genre }) => genre === 'entry')
  const own = entries.find(({ id }) => id === flowId('entry', namespace)) ?? entries[0]
  if (!own) return null
  return (
    <button
      type="button"
      className="button"
      onClick={() => navigate(path + withParam(search, { nodeId: own.id, tab: 'send' }), 'replace')}
    >
      <Icon name="send" />
      Send an event
    </button>
  )
}

function Drawn({ told, flow }: { readonly told: EventFlow; readonly flow: Flow }) {
  const [selected, select] = useParam('nodeId')
  const place = useRef<HTMLDivElement>(null)
  const now = useNow()
  const shapes = useMemo(() => new Map(flow.shapes.map((one) => [one.id, one])), [flow])
  const runs = useMemo(() => {
    const all = [...told.objects.values()].filter(({ kind }) => kind === 'Workflow')
    return runsByMaker(all as unknown as readonly Workflow[])
  }, [told])
  useEscape(() => {
    if (!selected) return
    select(undefined)
    place.current?.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus()
  })
  const view = { flow, shapes, runs, select, now }
  return (
    <div className="split" data-panel={selected !== undefined} ref={place}>
      <FlowGraph flow={flow} selected={selected} />
      {selected !== undefined && <FlowPanel key={selected} id={selected} view={view} />}
    </div>
  )
}
