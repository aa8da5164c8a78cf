import { isObject, type Json, type JsonObject } from '../spec/json.ts'
import type { KubeObject } from '../spec/meta.ts'
import { eventSourceTypes, typeNamed } from './event-types.table.ts'

/** What brings events in. Whoever applied it, its `spec` may be of any shape. */
export interface EventSource extends KubeObject {
  readonly spec?: JsonObject
  readonly status?: EventsStatus | null
}

/** What the bus that carries events is made of. */
export interface EventBus extends KubeObject {
  readonly spec?: JsonObject
  readonly status?: EventsStatus | null
}

/** What a controller of these kinds has found; without conditions no controller has looked. */
export interface EventsStatus {
  readonly conditions?: readonly EventsCondition[] | null
}

export interface EventsCondition {
  readonly type: string
  readonly status?: string
  readonly reason?: string
  readonly message?: string
  readonly lastTransitionTime?: string | null
}

/** One event that a source brings in: `spec.<type>.<name>`. */
export interface NamedEvent {
  readonly type: string
  readonly name: string
  readonly config: Json
}

/** The events of a source, as they stand in it. */
export function eventsOf({ spec }: Pick<EventSource, 'spec'>): readonly NamedEvent[] {
  const types = isObject(spec) ? Object.entries(spec) : []
  return types.flatMap(([key, events]) => {
    const type = typeNamed(eventSourceTypes, key)
    if (type === undefined || !isObject(events)) return []
    return Object.entries(events).map(([name, config]) => ({ type, name, config: config ?? null }))
  })
}

/** The bus that a source or a sensor is at. */
export function busNameOf({ spec }: { readonly spec?: JsonObject | null }): string {
  const name = isObject(spec) ? spec['eventBusName'] : undefined
  return typeof name === 'string' && name !== '' ? name : 'default'
}
