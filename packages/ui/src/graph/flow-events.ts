import {
  busNameOf,
  busTypes,
  type Dependency,
  dependenciesOf,
  type EventBus,
  type EventSource,
  eventBusProblems,
  eventSourceProblems,
  eventSourceTypes,
  eventsOf,
  isObject,
  isSameName,
  namesIn,
  type Sensor,
  sensorProblems,
  type Trigger,
  triggersOf,
  triggerTypes,
} from '@argosy/engine'
import type { Flow } from './flow.ts'
import { flowId, flowShape, standingOf } from './flow-shape.ts'

/** Event sources and what they bring to which bus. */
export function sourceParts(sources: readonly EventSource[]): Flow {
  const parts = sources.map((source) => {
    const { namespace = '', name = '' } = source.metadata
    const problems = eventSourceProblems(source)
    const standing = standingOf(source.status, problems)
    const id = flowId('source', namespace, name)
    const bus = flowId('bus', namespace, busNameOf(source))
    const events = eventsOf(source)
    const common = { namespace, standing, object: source, problems }
    const eventId = (event: string) => flowId('event', namespace, name, event)
    return {
      shapes: [
        flowShape(id, {
          ...common,
          genre: 'source',
          label: name,
          detail: countOf(events.length, 'event'),
        }),
        ...events.map(({ type, name: label }) =>
          flowShape(eventId(label), {
            ...{ ...common, genre: 'event', label, detail: eventSourceTypes[type] ?? type },
          }),
        ),
      ],
      edges: events.flatMap(({ name: event }) => [
        { from: id, to: eventId(event) },
        { from: eventId(event), to: bus },
      ]),
    }
  })
  return flat(parts)
}

const countOf = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`

const flat = (parts: readonly Flow[]): Flow => ({
  shapes: parts.flatMap(({ shapes }) => shapes),
  edges: parts.flatMap(({ edges }) => edges),
})

/** Buses that are there, and those that are only named. */
export function busParts(
  buses: readonly EventBus[],
  users: readonly (EventSource | Sensor)[],
  unseen: ReadonlySet<string>,
): Flow {
  const there = buses.map((bus) => {
    const { namespace = '', name = '' } = bus.metadata
    const problems = eventBusProblems(bus)
    const type = Object.keys(busTypes).find((one) => isObject(bus.spec?.[one])) ?? ''
    return flowShape(flowId('bus', namespace, name), {
      ...{ genre: 'bus', label: name, namespace, object: bus, problems },
      ...{ detail: busTypes[type] ?? '', standing: standingOf(bus.status, problems) },
    })
  })
  const named = users.map((user) => {
    const { namespace = '' } = user.metadata
    const label = busNameOf(user)
    return flowShape(flowId('bus', namespace, label), {
      ...{ genre: 'bus', label, namespace },
      standing: unseen.has('EventBus') ? 'unknown' : 'missing',
    })
  })
  return { shapes: [...there, ...named], edges: [] }
}

/** Sensors, what they wait for, and what they do. */
export function sensorParts(sensors: readonly Sensor[], unseen: ReadonlySet<string>): Flow {
  return flat(sensors.map((sensor) => partsOf(sensor, unseen)))
}

function partsOf(sensor: Sensor, unseen: ReadonlySet<string>): Flow {
  const { namespace = '', name = '' } = sensor.metadata
  const problems = sensorProblems(sensor)
  const common = {
    ...{ namespace, object: sensor, problems },
    standing: standingOf(sensor.status, problems),
  }
  const id = flowId('sensor', namespace, name)
  const bus = flowId('bus', namespace, busNameOf(sensor))
  const dependencies = dependenciesOf(sensor)
  const triggers = triggersOf(sensor)
  const eventId = (one: Dependency) =>
    flowId('event', namespace, one.eventSourceName, one.eventName)
  const triggerId = (one: Trigger) => flowId('trigger', namespace, name, one.name)
  const elsewhere = unseen.has('EventSource') ? 'unknown' : 'missing'
  const sourceId = (one: Dependency) => flowId('source', namespace, one.eventSourceName)
  const named = dependencies.flatMap((one) => [
    flowShape(sourceId(one), {
      ...{ genre: 'source', label: one.eventSourceName, namespace, standing: elsewhere },
    }),
    flowShape(eventId(one), {
      ...{ genre: 'event', label: one.eventName, namespace, standing: elsewhere },
    }),
  ])
  return {
    shapes: [
      ...named,
      flowShape(id, {
        ...{ ...common, genre: 'sensor', label: name, detail: countOf(triggers.length, 'trigger') },
        needs: dependencies.map(eventId),
      }),
      ...triggers.map((one) =>
        flowShape(triggerId(one), {
          ...{ ...common, genre: 'trigger', label: one.name, detail: triggerTypes[one.type] ?? '' },
          needs: needed(one, dependencies).map(eventId),
        }),
      ),
    ],
    edges: [
      ...dependencies.flatMap((one) => [
        { from: sourceId(one), to: eventId(one) },
        { from: eventId(one), to: bus },
      ]),
      { from: bus, to: id },
      ...triggers.map((one) => ({ from: id, to: triggerId(one) })),
    ],
  }
}

/** What a trigger waits for: what its conditions name, without conditions everything. */
function needed(
  { conditions }: Trigger,
  dependencies: readonly Dependency[],
): readonly Dependency[] {
  if (conditions === '') return dependencies
  const names = namesIn(conditions)
  return dependencies.filter(({ name }) => names.some((one) => isSameName(one, name)))
}
