import { isObject, type Json, type JsonObject } from '../spec/json.ts'
import type { KubeObject } from '../spec/meta.ts'
import type { EventsStatus } from './event-source.ts'
import { triggerTypes, typeNamed } from './event-types.table.ts'

/** What waits for events and then does something. Whoever applied it, its `spec` may be of any shape. */
export interface Sensor extends KubeObject {
  readonly spec?: JsonObject
  readonly status?: EventsStatus | null
}

/** An event that a sensor waits for; '' is what it does not say. */
export interface Dependency {
  readonly name: string
  readonly eventSourceName: string
  readonly eventName: string
}

/** What a sensor does. */
export interface Trigger {
  readonly name: string
  /** Which of upstream's types; '': none is set. */
  readonly type: string
  /** Which of the dependencies have to be there; '': all. */
  readonly conditions: string
  readonly template: JsonObject
}

export function dependenciesOf({ spec }: Pick<Sensor, 'spec'>): readonly Dependency[] {
  return objectsIn(spec, 'dependencies').map((one) => ({
    name: textIn(one, 'name'),
    eventSourceName: textIn(one, 'eventSourceName'),
    eventName: textIn(one, 'eventName'),
  }))
}

export function triggersOf({ spec }: Pick<Sensor, 'spec'>): readonly Trigger[] {
  return objectsIn(spec, 'triggers').map(({ template: given }) => {
    const template = isObject(given) ? given : {}
    return {
      name: textIn(template, 'name'),
      type: typeIn(template),
      conditions: textIn(template, 'conditions').trim(),
      template,
    }
  })
}

function typeIn(template: JsonObject): string {
  const given = Object.keys(template).filter((key) => isObject(template[key]))
  const known = new Set(given.map((key) => typeNamed(triggerTypes, key)))
  return Object.keys(triggerTypes).find((type) => known.has(type)) ?? ''
}

/** The dependencies that conditions name, as upstream reads them: `-` is the same as `_`. */
export function namesIn(conditions: string): readonly string[] {
  return [...new Set(conditions.split(/[\s()&|]+/).filter((name) => name !== ''))]
}

/** Whether a condition means a dependency by a name. */
export function isSameName(a: string, b: string): boolean {
  return a.replaceAll('-', '_') === b.replaceAll('-', '_')
}

function objectsIn(spec: JsonObject | undefined, field: string): readonly JsonObject[] {
  const value: Json | undefined = isObject(spec) ? spec[field] : undefined
  return Array.isArray(value) ? value.filter(isObject) : []
}

function textIn(object: JsonObject, field: string): string {
  const value = object[field]
  return typeof value === 'string' ? value : ''
}
