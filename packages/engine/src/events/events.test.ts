import { expect, test } from 'vitest'
import { busNameOf, eventsOf } from './event-source.ts'
import { eventBusProblems, eventSourceProblems, sensorProblems } from './flow-problems.ts'
import { parseEventSource, parseSensor } from './parse-events.ts'
import { dependenciesOf, triggersOf } from './sensor.ts'

const argo = (kind: string, spec: unknown) =>
  ({ apiVersion: 'argoproj.io/v1alpha1', kind, metadata: { name: 'x' }, spec }) as never

const paths = (problems: readonly { readonly path: string }[]) => problems.map(({ path }) => path)

test('the events of a source are those of the types that there are', () => {
  const spec = {
    ...{ eventBusName: '', template: { metadata: {} }, service: { ports: [] }, replicas: 2 },
    webhook: { push: { port: '1' }, pull: null },
    calendar: { tick: { interval: '1m' } },
    telepathy: { thought: {} },
  }
  const source = argo('EventSource', spec)
  expect(eventsOf(source).map(({ type, name }) => `${type}/${name}`)).toEqual([
    'webhook/push',
    'webhook/pull',
    'calendar/tick',
  ])
  expect(busNameOf(source)).toBe('default')
  expect(busNameOf(argo('Sensor', { eventBusName: 'b' }))).toBe('b')
  expect(parseEventSource(source).problems).toEqual([])
  expect(paths(eventSourceProblems(source))).toEqual(['spec.telepathy'])
})

test('a name that two types of a source have is a mistake, and a source without events', () => {
  const twice = argo('EventSource', { webhook: { a: {} }, redis: { a: {} } })
  expect(eventSourceProblems(twice)).toEqual([
    { path: 'spec', message: 'more than one "a" found in the spec' },
  ])
  expect(paths(eventSourceProblems(argo('EventSource', {})))).toEqual(['spec'])
})

test('what Go could not read is a problem of the shape, with its place', () => {
  const source = { webhook: { a: 3 }, redis: [], replicas: 'two', template: 1, eventBusName: {} }
  expect(paths(parseEventSource(argo('EventSource', source)).problems)).toEqual([
    'spec.eventBusName',
    'spec.replicas',
    'spec.template',
    'spec.webhook.a',
    'spec.redis',
  ])
  const sensor = {
    dependencies: [{ name: 1 }, 'x'],
    triggers: [{ template: { name: [], k8s: 'create' } }, { template: 7 }],
  }
  expect(paths(parseSensor(argo('Sensor', sensor)).problems)).toEqual([
    'spec.dependencies[0].name',
    'spec.dependencies[1]',
    'spec.triggers[0].template.name',
    'spec.triggers[0].template.k8s',
    'spec.triggers[1].template',
  ])
  expect(paths(parseSensor(argo('Sensor', undefined)).problems)).toEqual(['spec'])
})

test('what a sensor does is the first of the types that upstream looks for', () => {
  const template = { name: 't', conditions: ' a && b ', log: {}, http: {} }
  const sensor = argo('Sensor', {
    dependencies: [{ name: 'a', eventSourceName: 's', eventName: 'e', filters: {} }, null],
    triggers: [{ template }, {}],
  })
  expect(dependenciesOf(sensor)).toEqual([{ name: 'a', eventSourceName: 's', eventName: 'e' }])
  expect(triggersOf(sensor)).toEqual([
    { name: 't', type: 'http', conditions: 'a && b', template },
    { name: '', type: '', conditions: '', template: {} },
  ])
})

test('types are read in letters of any size, as Go does; other fields are ignored', () => {
  const source = argo('EventSource', { WebHook: { a: {} }, type: 'webhook' })
  expect(eventsOf(source).map(({ type }) => type)).toEqual(['webhook'])
  expect(eventSourceProblems(source)).toEqual([])
  const triggers = [{ template: { name: 't', openwhisk: {} } }]
  expect(triggersOf(argo('Sensor', { triggers })).map(({ type }) => type)).toEqual(['openWhisk'])
})

test('conditions that name no dependency are told of; hyphens are as underscores', () => {
  const sensor = (conditions: string) =>
    argo('Sensor', {
      dependencies: [{ name: 'a-b', eventSourceName: 's', eventName: 'e' }],
      triggers: [{ template: { name: 't', conditions, log: {} } }],
    })
  expect(sensorProblems(sensor(''))).toEqual([])
  expect(sensorProblems(sensor('(a_b || a-b)'))).toEqual([])
  expect(sensorProblems(sensor('a-b && zz'))).toEqual([
    {
      path: 'spec.triggers[0].template.conditions',
      message: 'there is no dependency zz: this trigger can never fire',
    },
  ])
})

test('what upstream refuses of sensors and buses is told in its words', () => {
  const messages = (spec: object) =>
    sensorProblems(argo('Sensor', spec)).map(({ message }) => message)
  expect(messages({})).toEqual(['no event dependencies found', 'no triggers found'])
  const template = { name: 't', log: {} }
  expect(
    messages({ dependencies: [{}], triggers: [{ template }, { template }, { template: {} }] }),
  ).toEqual([
    'event dependency must define a name',
    'event dependency must define the EventSourceName',
    'event dependency must define the EventName',
    'duplicate trigger name: t',
    'trigger must define a name',
    'it says nothing of what is to be done',
  ])
  expect(eventBusProblems(argo('EventBus', {}))).toHaveLength(1)
  expect(eventBusProblems(argo('EventBus', { jetstream: { version: 'latest' } }))).toEqual([])
})
