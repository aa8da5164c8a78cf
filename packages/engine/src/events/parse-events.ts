import { isObject, type Json, type JsonObject } from '../spec/json.ts'
import type { Problem } from '../spec/problem.ts'
import type { EventSource } from './event-source.ts'
import { eventSourceTypes, triggerTypes, typeNamed } from './event-types.table.ts'
import type { Sensor } from './sensor.ts'

/** An EventSource from any JSON, and where it has not the shape of one; unknown fields are still there. */
export function parseEventSource(object: JsonObject): {
  readonly eventSource: EventSource
  readonly problems: readonly Problem[]
} {
  const problems = specProblems(object, (spec) => [
    ...Object.keys(spec)
      .filter((key) => typeNamed(eventSourceTypes, key))
      .flatMap((key) => eventProblems(spec[key], `spec.${key}`)),
    ...wrong(spec['service'], 'object', 'spec.service'),
  ])
  return { eventSource: whole(object) as unknown as EventSource, problems }
}

/** A Sensor from any JSON, and where it has not the shape of one; unknown fields are still there. */
export function parseSensor(object: JsonObject): {
  readonly sensor: Sensor
  readonly problems: readonly Problem[]
} {
  const problems = specProblems(object, (spec) => [
    ...listProblems(spec['dependencies'], 'spec.dependencies', dependencyProblems),
    ...listProblems(spec['triggers'], 'spec.triggers', triggerProblems),
  ])
  return { sensor: whole(object) as unknown as Sensor, problems }
}

const whole = (object: JsonObject): JsonObject => ({
  ...object,
  metadata: isObject(object['metadata']) ? object['metadata'] : {},
})

type Shape = 'object' | 'list' | 'string' | 'number'

const words: Readonly<Record<Shape, string>> = {
  object: 'an object',
  list: 'a list',
  string: 'a string',
  number: 'a number',
}

function shapeOf(value: Json): Shape | undefined {
  if (Array.isArray(value)) return 'list'
  if (isObject(value)) return 'object'
  return typeof value === 'string' || typeof value === 'number'
    ? (typeof value as Shape)
    : undefined
}

/** What is not there, or null, is of no wrong type: Go reads it as nothing. */
function wrong(value: Json | undefined, wanted: Shape, path: string): readonly Problem[] {
  if (value === undefined || value === null || shapeOf(value) === wanted) return []
  return [{ path, message: `expected ${words[wanted]}` }]
}

function specProblems(
  { metadata, spec }: JsonObject,
  more: (spec: JsonObject) => readonly Problem[],
): readonly Problem[] {
  const outer = wrong(metadata, 'object', 'metadata')
  if (!isObject(spec)) return [...outer, { path: 'spec', message: 'expected an object' }]
  return [
    ...outer,
    ...wrong(spec['eventBusName'], 'string', 'spec.eventBusName'),
    ...wrong(spec['replicas'], 'number', 'spec.replicas'),
    ...wrong(spec['template'], 'object', 'spec.template'),
    ...more(spec),
  ]
}

function eventProblems(events: Json | undefined, path: string): readonly Problem[] {
  if (!isObject(events)) return wrong(events, 'object', path)
  return Object.entries(events).flatMap(([name, config]) =>
    wrong(config, 'object', `${path}.${name}`),
  )
}

function listProblems(
  list: Json | undefined,
  path: string,
  problemsOf: (item: JsonObject, path: string) => readonly Problem[],
): readonly Problem[] {
  if (!Array.isArray(list)) return wrong(list, 'list', path)
  return (list as readonly Json[]).flatMap((item, at) =>
    isObject(item)
      ? problemsOf(item, `${path}[${at}]`)
      : [{ path: `${path}[${at}]`, message: 'expected an object' }],
  )
}

function dependencyProblems(item: JsonObject, path: string): readonly Problem[] {
  return ['name', 'eventSourceName', 'eventName'].flatMap((field) =>
    wrong(item[field], 'string', `${path}.${field}`),
  )
}

function triggerProblems({ template }: JsonObject, path: string): readonly Problem[] {
  if (!isObject(template)) return wrong(template, 'object', `${path}.template`)
  const texts = ['name', 'conditions'].flatMap((field) =>
    wrong(template[field], 'string', `${path}.template.${field}`),
  )
  const types = Object.keys(template)
    .filter((key) => typeNamed(triggerTypes, key))
    .flatMap((key) => wrong(template[key], 'object', `${path}.template.${key}`))
  return [...texts, ...types]
}
