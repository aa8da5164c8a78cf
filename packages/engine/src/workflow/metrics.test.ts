import { describe, expect, test } from 'vitest'
import type { NodeStatus } from '../spec/status.ts'
import type { Prometheus, Template, Workflow, WorkflowSpec } from '../spec/workflow.ts'
import { type MetricEffect, measure, nodeMetricScope, workflowMetricScope } from './metrics.ts'
import { Scope } from './scope.ts'
import { type Outcome, Play } from './testing/play.ts'

const begin = Date.parse('2026-01-01T00:00:00Z')

const node: NodeStatus = {
  id: 'w-1',
  name: 'w.a',
  displayName: 'a',
  type: 'Pod',
  phase: 'Succeeded',
  startedAt: '2026-01-01T00:00:00Z',
  finishedAt: '2026-01-01T00:00:05Z',
  inputs: { parameters: [{ name: 'size', value: '3' }] },
  outputs: { result: '42', exitCode: '0', parameters: [{ name: 'rand', value: '7.5' }] },
  resourcesDuration: { cpu: 9 },
  children: ['x', 'y'],
}

function measured(metric: Omit<Prometheus, 'name' | 'help'> & Partial<Prometheus>) {
  const globals = new Scope()
  globals.set('workflow.name', 'w')
  const scope = nodeMetricScope(workflowMetricScope(globals, begin), node, begin + 60_000)
  return measure({ prometheus: [{ name: 'm', help: 'h', ...metric }] }, scope)
}

describe('the value of a metric', () => {
  test.each([
    ['{{duration}}', 5],
    ['{{outputs.result}}', 42],
    ['{{outputs.parameters.rand}}', 7.5],
    ['{{inputs.parameters.size}}', 3],
    ['{{resourcesDuration.cpu}}', 9],
    ['{{resourcesDuration.memory}}', 0],
    ['{{exitCode}}', 0],
    ['{{retries}}', 1],
    ['1e3', 1000],
    ['-Inf', Number.NEGATIVE_INFINITY],
  ])('%s is %d', (value, want) => {
    const { effects, problems } = measured({ counter: { value } })
    expect(problems).toEqual([])
    expect(effects).toEqual([{ name: 'm', help: 'h', type: 'counter', labels: [], value: want }])
  })
})

test('labels, names and help may have variables', () => {
  const labels = [{ key: 'status', value: '{{status}} in {{workflow.name}}' }]
  const [effect] = measured({
    labels,
    help: 'of {{workflow.name}}',
    counter: { value: '1' },
  }).effects
  expect(effect).toMatchObject({
    labels: [{ key: 'status', value: 'Succeeded in w' }],
    help: 'of w',
  })
})

test.each([
  ['{{status}} == Succeeded', 1],
  ['{{status}} == Failed', 0],
  ['{{exitCode}} == 0 && {{duration}} > 4', 1],
])('when %s there are %d', (when, count) => {
  expect(measured({ when, counter: { value: '1' } }).effects).toHaveLength(count)
})

test('a gauge in real time is a span, not a number', () => {
  const value = { since: begin, until: begin + 5000 }
  const { effects } = measured({ gauge: { realtime: true, value: '{{duration}}' } })
  expect(effects).toMatchObject([{ type: 'gauge', value }])
})

test('gauges keep their operation, histograms their buckets', () => {
  const gauge = { value: '1', operation: 'Add' } as const
  expect(measured({ gauge }).effects).toMatchObject([{ operation: 'Add' }])
  const histogram = { value: '1', buckets: [1, '2.5'] }
  expect(measured({ histogram }).effects).toMatchObject([{ buckets: [1, 2.5] }])
})

test.each<[string, Parameters<typeof measured>[0], string]>([
  ['no help', { help: '' }, "metric 'm' must contain a help string under 'help: ' field"],
  [
    'no number',
    { counter: { value: 'many' } },
    'could not construct metric \'m\': strconv.ParseFloat: parsing "many": invalid syntax',
  ],
  [
    'nothing in real time',
    { gauge: { realtime: true, value: '{{outputs.result}}' } },
    "'outputs.result' is not available as a real time metric",
  ],
  [
    'no variable in real time',
    { gauge: { realtime: true, value: '5' } },
    'real time metrics can only be used with metric variables',
  ],
  ['no type', {}, "could not construct metric 'm': invalid metric spec"],
  [
    'no name',
    { name: 'a-b', counter: { value: '1' } },
    "could not construct metric 'a-b': metric name is invalid: names may only contain alphanumeric characters or '_'",
  ],
])('%s is a problem', (_, metric, problem) => {
  expect(measured(metric)).toEqual({ effects: [], problems: [problem] })
})

describe('a workflow publishes', () => {
  const counter = (name: string, value = '1'): Prometheus => ({
    name,
    help: 'h',
    counter: { value },
  })
  const main = { name: 'main', image: 'i', command: ['c'] }

  function play(spec: Partial<WorkflowSpec>, template: Partial<Template>, outcome: Outcome[] = []) {
    const workflow: Workflow = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Workflow',
      metadata: { name: 'w' },
      spec: { entrypoint: 'a', templates: [{ name: 'a', container: main, ...template }], ...spec },
    }
    const ends = [...outcome]
    const played = new Map<string, Outcome>()
    return new Play(workflow, {
      outcome: ({ id }) => {
        const end = played.get(id) ?? ends.shift() ?? {}
        played.set(id, end)
        return end
      },
    }).run()
  }

  const told = ({ decisions }: Play) => decisions.flatMap(({ metrics = [] }) => metrics)
  const names = (effects: readonly MetricEffect[]) =>
    effects.map(({ name, value }) => [name, value])

  test('the metrics of a template when its node is over, and its own at the end', () => {
    const status: Prometheus = {
      ...counter('all'),
      labels: [{ key: 'status', value: '{{workflow.status}}' }],
    }
    const run = play(
      { metrics: { prometheus: [status] } },
      { metrics: { prometheus: [counter('one')] } },
    )
    expect(names(told(run))).toEqual([
      ['one', 1],
      ['all', 1],
    ])
    expect(told(run).at(-1)?.labels).toEqual([{ key: 'status', value: 'Succeeded' }])
  })

  test('those of each attempt, the last one as the Retry node', () => {
    const prometheus = [counter('code', '{{exitCode}}')]
    const retried = { retryStrategy: { limit: '3' }, metrics: { prometheus } }
    const run = play({}, retried, [{ exitCode: 2 }, { exitCode: 3 }, {}])
    expect(names(told(run))).toEqual([
      ['code', 2],
      ['code', 3],
      ['code', 0],
    ])
  })

  test('gauges in real time from the beginning, and again when what they measure has ended', () => {
    const gauge = (value: string): Prometheus => ({
      name: 'time',
      help: 'h',
      gauge: { realtime: true, value },
    })
    const run = play(
      { metrics: { prometheus: [gauge('{{workflow.duration}}')] } },
      { metrics: { prometheus: [gauge('{{duration}}')] } },
    )
    const first = run.decisions[0]?.metrics ?? []
    expect(first.map(({ value }) => value)).toEqual([{ since: begin }, { since: begin }])
    const last = run.decisions.at(-1)?.metrics ?? []
    const span = { since: begin, until: begin + 1000 }
    expect(last.map(({ value }) => value)).toEqual([span, span])
  })

  test('nothing twice: a run that is loaded again has nothing to say of what is over', () => {
    const run = play({}, { metrics: { prometheus: [counter('one')] } })
    expect(names(told(run))).toEqual([['one', 1]])
  })

  test('and a metric that cannot be is a condition, not a failure', () => {
    const run = play({}, { metrics: { prometheus: [counter('one', '{{outputs.result}}')] } })
    const { phase, conditions } = run.workflow.status ?? {}
    expect(phase).toBe('Succeeded')
    expect(conditions).toContainEqual({
      type: 'MetricsError',
      status: 'True',
      message:
        'could not construct metric \'one\': strconv.ParseFloat: parsing "{{outputs.result}}": invalid syntax',
    })
  })
})
