import {
  type EventSource,
  type EventsCondition,
  eventsOf,
  isObject,
  type Json,
  type Sensor,
  triggersOf,
  triggerTypes,
} from '@argosy/engine'
import { exactTime } from '../../format/time.ts'
import { type FlowShape, flowId, isTrouble, standingWords } from '../../graph/flow-shape.ts'
import { Fact } from '../../parts/fact.tsx'
import { Icon } from '../../parts/icon.tsx'
import { YamlBlock } from '../../parts/yaml-block.tsx'
import { FlowLinks } from './flow-links.tsx'
import type { FlowView } from './flow-view.ts'

interface EventsSummaryProps {
  readonly shape: FlowShape
  readonly view: FlowView
}

/** A source, an event, a bus, a sensor or a trigger: how it stands, and what it is joined to. */
export function EventsSummary({ shape, view }: EventsSummaryProps) {
  const template = shape.genre === 'trigger' ? triggerOf(shape)?.template : undefined
  return (
    <div className="body stack">
      <Standing shape={shape} />
      <dl className="facts">
        {factsOf(shape).map(([title, value]) => (
          <Fact key={title} name={title}>
            {value}
          </Fact>
        ))}
      </dl>
      <Problems shape={shape} />
      <Conditions shape={shape} />
      <Links shape={shape} view={view} />
      {template && <YamlBlock title="What it does" value={template} />}
    </div>
  )
}

const missingWords: Readonly<Partial<Record<FlowShape['genre'], string>>> = {
  source: 'Sensors wait for its events, but there is no EventSource of this name.',
  event: 'A sensor waits for it, but no event source here has such an event.',
  bus: 'It is named by event sources or sensors, but there is no EventBus of this name.',
}

function Standing({ shape: { standing, genre } }: Pick<EventsSummaryProps, 'shape'>) {
  const isBad = isTrouble(standing)
  const words = {
    ...standingWords,
    missing: missingWords[genre] ?? standingWords.missing,
    stored:
      'Stored only: Argosy does not run this kind yet, and no other controller has looked at it.',
  }[standing]
  return (
    <p className="notice" data-tone={isBad ? 'bad' : 'plain'}>
      <Icon name={isBad ? 'warn' : standing === 'ready' ? 'check' : 'dots'} />
      <span className="sentence">{words}</span>
    </p>
  )
}

function Problems({ shape: { problems } }: Pick<EventsSummaryProps, 'shape'>) {
  if (problems.length === 0) return null
  return (
    <section className="stack tight">
      <h3>What is wrong with it</h3>
      <ul className="stack tight">
        {problems.map(({ path, message }) => (
          <li key={`${path} ${message}`} className="problem">
            <Icon name="warn" />
            <span>
              <code>{path}</code>: {message}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Conditions({ shape: { object } }: Pick<EventsSummaryProps, 'shape'>) {
  const conditions = conditionsOf(object as EventSource | undefined)
  if (conditions.length === 0) return null
  return (
    <section className="stack tight">
      <h3>Conditions</h3>
      <dl className="facts">
        {conditions.map(({ type, status, reason, message }) => (
          <Fact key={type} name={type}>
            {[status, reason, message].filter((word) => word).join(': ')}
          </Fact>
        ))}
      </dl>
    </section>
  )
}

function conditionsOf(object: EventSource | undefined): readonly EventsCondition[] {
  return object?.status?.conditions ?? []
}

function triggerOf({ id, object, namespace }: FlowShape) {
  const sensor = object as Sensor | undefined
  return sensor && triggersOf(sensor).find(({ name }) => id === triggerId(sensor, namespace, name))
}

const triggerId = ({ metadata }: Sensor, namespace: string, name: string) =>
  flowId('trigger', namespace, metadata.name ?? '', name)

type Facts = readonly (readonly [string, string])[]

function factsOf(shape: FlowShape): Facts {
  const { object, namespace, genre, detail } = shape
  const { kind, metadata } = object ?? {}
  const facts: readonly (readonly [string, string | undefined])[] = [
    [kind ?? '', metadata?.name],
    ['Namespace', namespace],
    ['Type', genre === 'event' || genre === 'bus' ? detail : undefined],
    ...ownFacts(shape),
    ['Created', metadata && exactTime(metadata.creationTimestamp)],
  ]
  return facts.flatMap(([title, value]) => (value ? [[title, value] as const] : []))
}

function ownFacts(shape: FlowShape): Facts {
  if (shape.genre === 'trigger') {
    const { conditions = '', type = '' } = triggerOf(shape) ?? {}
    return [
      ['Does', triggerTypes[type] ?? ''],
      ['When', conditions || 'all that its sensor waits for has come'],
    ]
  }
  if (shape.genre !== 'event' || shape.object === undefined) return []
  const event = eventsOf(shape.object as EventSource).find(({ name }) => name === shape.label)
  return scalars(event?.config)
}

/** What is said in one word each, as a port or a schedule; the manifest has the rest. */
function scalars(config: Json | undefined): Facts {
  if (!isObject(config)) return []
  return Object.entries(config).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [[name, String(value)] as const]
      : [],
  )
}

function Links({ shape, view }: EventsSummaryProps) {
  const { edges, shapes } = view.flow
  const before = edges.filter(({ to }) => to === shape.id).map(({ from }) => from)
  const after = edges.filter(({ from }) => from === shape.id).map(({ to }) => to)
  const waiting = shapes
    .filter(({ genre, needs }) => genre === 'sensor' && needs.includes(shape.id))
    .map(({ id }) => id)
  return (
    <>
      <FlowLinks title="Waits for" ids={shape.needs} view={view} />
      <FlowLinks title="Comes from" ids={before} view={view} />
      <FlowLinks title="Leads to" ids={after} view={view} />
      <FlowLinks title="Waited for by" ids={waiting} view={view} />
    </>
  )
}
