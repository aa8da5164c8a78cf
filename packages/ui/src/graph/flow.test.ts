import type { KubeObject } from '@argosy/engine'
import { expect, test } from 'vitest'
import { flowOf } from './flow.ts'
import { relatedTo } from './flow-relations.ts'

const argo = (kind: string, name: string, spec: object, more: object = {}): KubeObject => ({
  ...{ apiVersion: 'argoproj.io/v1alpha1', kind, metadata: { name, namespace: 'n' } },
  ...{ spec, ...more },
})

const run = (name: string, labels: Record<string, string>, startedAt: string): KubeObject => ({
  ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow' },
  metadata: { name, namespace: 'n', labels },
  ...{ status: { phase: 'Succeeded', startedAt } },
})

const source = argo('EventSource', 'hooks', { webhook: { push: {} }, calendar: { tick: {} } })
const depends = (name: string, eventName: string, eventSourceName = 'hooks') => ({
  ...{ name, eventName, eventSourceName },
})
const sensor = argo('Sensor', 'build', {
  dependencies: [depends('p', 'push'), depends('t', 'tick'), depends('g', 'gone', 'nobody')],
  triggers: [
    { template: { name: 'on-push', conditions: 'p', argoWorkflow: {} } },
    { template: { name: 'on-all', log: {} } },
  ],
})
const byTrigger = {
  'events.argoproj.io/sensor': 'build',
  'events.argoproj.io/trigger': 'on-push',
}
const everything = { withRuns: true, unseen: new Set<string>() }

test('sources, their events, the bus, sensors, triggers and runs stand one behind the other', () => {
  const { shapes, edges } = flowOf([sensor, source, run('r', byTrigger, '1')], everything)
  const lines = edges.map(({ from, to }) => `${from} > ${to}`)
  expect(lines).toEqual([
    'source:n/hooks > event:n/hooks/push',
    'event:n/hooks/push > bus:n/default',
    'source:n/hooks > event:n/hooks/tick',
    'event:n/hooks/tick > bus:n/default',
    'source:n/nobody > event:n/nobody/gone',
    'event:n/nobody/gone > bus:n/default',
    'bus:n/default > sensor:n/build',
    'sensor:n/build > trigger:n/build/on-push',
    'sensor:n/build > trigger:n/build/on-all',
    'trigger:n/build/on-push > run:n/r',
  ])
  const standing = Object.fromEntries(shapes.map(({ id, standing: one }) => [id, one]))
  expect(standing).toMatchObject({
    'source:n/hooks': 'stored',
    'event:n/hooks/push': 'stored',
    'event:n/nobody/gone': 'missing',
    'bus:n/default': 'missing',
    'sensor:n/build': 'stored',
    'run:n/r': 'run',
  })
})

test('what a controller says of an object is how it is with it', () => {
  const conditions = (...all: string[]) => ({
    status: { conditions: all.map((status, at) => ({ type: `c${at}`, status })) },
  })
  const standing = (more: object, spec: object = { jetstream: {} }) =>
    flowOf([argo('EventBus', 'default', spec, more)], everything).shapes[0]?.standing
  expect(standing({})).toBe('stored')
  expect(standing({ status: null })).toBe('stored')
  expect(standing(conditions('True', 'True'))).toBe('ready')
  expect(standing(conditions('True', 'Unknown'))).toBe('pending')
  expect(standing(conditions('True', 'False'))).toBe('failed')
  expect(standing({}, {})).toBe('wrong')
})

test('what the reader may not see is not called missing', () => {
  const unseen = new Set(['EventSource', 'EventBus'])
  const { shapes } = flowOf([sensor], { withRuns: true, unseen })
  const unknown = shapes.filter(({ standing }) => standing === 'unknown').map(({ id }) => id)
  expect(unknown).toContain('bus:n/default')
  expect(unknown).toContain('event:n/hooks/push')
})

test('bindings stand behind the address that is posted to; of many runs three are boxes', () => {
  const binding = argo('WorkflowEventBinding', 'b', {
    event: { selector: 'true' },
    submit: { workflowTemplateRef: { name: 't' } },
  })
  const label = { 'workflows.argoproj.io/workflow-event-binding': 'b' }
  const runs = ['1', '2', '3', '4', '5'].map((at) => run(`r${at}`, label, at))
  const { shapes } = flowOf([binding, ...runs, run('strange', { a: 'b' }, '9')], everything)
  expect(shapes.map(({ id, detail }) => [id, detail])).toEqual([
    ['entry:n', ''],
    ['binding:n/b', 't'],
    ['run:n/r5', ''],
    ['run:n/r4', ''],
    ['run:n/r3', ''],
    ['more:binding:n/b', '2'],
  ])
  const without = flowOf([binding, ...runs], { ...everything, withRuns: false })
  expect(without.shapes).toHaveLength(2)
})

test('specs of any shape are drawn as far as they can be', () => {
  const odd = [
    null,
    7,
    'x',
    [],
    { webhook: [1], dependencies: {}, triggers: [null, { template: 3 }] },
  ]
  for (const spec of odd) {
    const objects = ['EventSource', 'Sensor', 'EventBus', 'WorkflowEventBinding'].map((kind) =>
      argo(kind, 'odd', spec as object),
    )
    expect(flowOf(objects, everything).shapes.length).toBeGreaterThan(3)
  }
})

test('related is what an event leads to, past the bus that joins everything', () => {
  const flow = flowOf([source, sensor, run('r', byTrigger, '1')], everything)
  const related = (id: string) => [...relatedTo(id, flow)].sort()
  expect(related('run:n/r')).toEqual([
    ...['bus:n/default', 'event:n/hooks/push', 'run:n/r', 'sensor:n/build', 'source:n/hooks'],
    'trigger:n/build/on-push',
  ])
  expect(related('event:n/nobody/gone')).toEqual([
    ...['bus:n/default', 'event:n/nobody/gone', 'sensor:n/build', 'source:n/nobody'],
    'trigger:n/build/on-all',
  ])
  expect(related('sensor:n/build')).toHaveLength(10)
  expect(related('bus:n/default')).toEqual([
    ...['bus:n/default', 'event:n/hooks/push', 'event:n/hooks/tick', 'event:n/nobody/gone'],
    'sensor:n/build',
  ])
  expect(related('nobody')).toEqual([])
})
