import { isObject } from '../spec/json.ts'
import type { Problem } from '../spec/problem.ts'
import { type EventBus, type EventSource, eventsOf } from './event-source.ts'
import { busTypes, eventSourceTypes, typeNamed } from './event-types.table.ts'
import { parseEventSource, parseSensor } from './parse-events.ts'
import {
  type Dependency,
  dependenciesOf,
  isSameName,
  namesIn,
  type Sensor,
  triggersOf,
} from './sensor.ts'

/** Fields of a source beside its events. */
const notTypes: ReadonlySet<string> = new Set(['eventBusName', 'template', 'service', 'replicas'])

/** What of a source could not be run: what upstream's controller would refuse, and types that it does not have. */
export function eventSourceProblems(source: EventSource): readonly Problem[] {
  const { problems } = parseEventSource({ ...source } as never)
  if (problems.length > 0) return problems
  // Other fields are ignored, as upstream does: old manifests have some.
  const odd = Object.entries(source.spec ?? {}).flatMap(([type, events]) =>
    isObject(events) && !notTypes.has(type) && !typeNamed(eventSourceTypes, type) ? [type] : [],
  )
  const names = eventsOf(source).map(({ name }) => name)
  const twice = [...new Set(names.filter((name, at) => names.indexOf(name) !== at))]
  return [
    ...odd.map((type) => ({
      path: `spec.${type}`,
      message: 'Argo Events has no such type of event source',
    })),
    ...twice.map((name) => ({
      path: 'spec',
      message: `more than one "${name}" found in the spec`,
    })),
    ...(names.length === 0 ? [{ path: 'spec', message: 'there is no event in it' }] : []),
  ]
}

/** What of a sensor could not be run: what upstream's controller would refuse, and conditions that can never be met. */
export function sensorProblems(sensor: Sensor): readonly Problem[] {
  const { problems } = parseSensor({ ...sensor } as never)
  if (problems.length > 0) return problems
  const dependencies = dependenciesOf(sensor)
  return [...dependenciesProblems(dependencies), ...triggersProblems(sensor, dependencies)]
}

/** What of a bus could not be run. */
export function eventBusProblems({ spec }: EventBus): readonly Problem[] {
  const types = Object.keys(busTypes).filter((type) => isObject(spec) && isObject(spec[type]))
  if (types.length > 0) return []
  const message = `invalid spec: either ${Object.keys(busTypes).join(', ')} needs to be specified`
  return [{ path: 'spec', message }]
}

function dependenciesProblems(dependencies: readonly Dependency[]): readonly Problem[] {
  if (dependencies.length === 0) {
    return [{ path: 'spec.dependencies', message: 'no event dependencies found' }]
  }
  const needed = [
    ['name', 'a name'],
    ['eventSourceName', 'the EventSourceName'],
    ['eventName', 'the EventName'],
  ] as const
  return dependencies.flatMap((one, at) =>
    needed
      .filter(([field]) => one[field] === '')
      .map(([field, words]) => ({
        path: `spec.dependencies[${at}].${field}`,
        message: `event dependency must define ${words}`,
      })),
  )
}

function triggersProblems(sensor: Sensor, dependencies: readonly Dependency[]): readonly Problem[] {
  const triggers = triggersOf(sensor)
  if (triggers.length === 0) return [{ path: 'spec.triggers', message: 'no triggers found' }]
  return triggers.flatMap(({ name, type, conditions }, at) => {
    const path = `spec.triggers[${at}].template`
    const isTaken = triggers.findIndex((other) => other.name === name) < at
    const unknown = namesIn(conditions).filter(
      (wanted) => !dependencies.some((one) => isSameName(one.name, wanted)),
    )
    return [
      ...(name === '' ? [{ path: `${path}.name`, message: 'trigger must define a name' }] : []),
      ...(name !== '' && isTaken
        ? [{ path: `${path}.name`, message: `duplicate trigger name: ${name}` }]
        : []),
      ...(type === '' ? [{ path, message: 'it says nothing of what is to be done' }] : []),
      ...unknown.map((wanted) => ({
        path: `${path}.conditions`,
        message: `there is no dependency ${wanted}: this trigger can never fire`,
      })),
    ]
  })
}
