import type { MetricEffect } from '@argosy/engine'
import { expect, test } from 'vitest'
import { CustomMetrics } from './custom-metrics.ts'

function metrics() {
  const told: string[] = []
  let now = 0
  const made = new CustomMetrics({ now: () => now, log: (line) => told.push(line) })
  return {
    made,
    told,
    at: (ms: number) => {
      now = ms
    },
  }
}

const base: MetricEffect = { name: 'm', help: 'what it is', type: 'counter', labels: [], value: 1 }
const label = (value: string) => [{ key: 'name', value }]

test('counters add up, each set of labels for itself', () => {
  const { made } = metrics()
  made.apply([base, base, { ...base, labels: label('a') }])
  made.apply([{ ...base, labels: label('a "quoted"\\\n'), value: 2.5 }])
  expect(made.text()).toBe(
    [
      '# HELP argo_workflows_m what it is',
      '# TYPE argo_workflows_m counter',
      'argo_workflows_m 2',
      'argo_workflows_m{name="a \\"quoted\\"\\\\\\n"} 2.5',
      'argo_workflows_m{name="a"} 1',
      '',
    ].join('\n'),
  )
})

test('gauges are set, raised and lowered', () => {
  const { made } = metrics()
  const gauge: MetricEffect = { ...base, type: 'gauge', value: 5 }
  made.apply([gauge, { ...gauge, operation: 'Add' }, { ...gauge, operation: 'Sub', value: 3 }])
  expect(made.text()).toContain('argo_workflows_m 7\n')
  made.apply([{ ...gauge, operation: 'Set', value: 1 }])
  expect(made.text()).toContain('argo_workflows_m 1\n')
})

test('a gauge in real time goes on until what it measures has ended', () => {
  const { made, at } = metrics()
  const gauge: MetricEffect = { ...base, type: 'gauge', value: { since: 1000 } }
  made.apply([gauge])
  at(3500)
  expect(made.text()).toContain('argo_workflows_m 2.5\n')
  made.apply([{ ...gauge, value: { since: 1000, until: 5000 } }])
  at(60_000)
  expect(made.text()).toContain('argo_workflows_m 4\n')
})

test('histograms count what falls below each bound', () => {
  const { made } = metrics()
  const histogram: MetricEffect = { ...base, type: 'histogram', buckets: [2, 1], value: 1 }
  made.apply([histogram, { ...histogram, value: 1.5 }, { ...histogram, value: 9 }])
  expect(made.text().split('\n').slice(2)).toEqual([
    'argo_workflows_m_bucket{le="1"} 1',
    'argo_workflows_m_bucket{le="2"} 2',
    'argo_workflows_m_bucket{le="+Inf"} 3',
    'argo_workflows_m_sum 11.5',
    'argo_workflows_m_count 3',
    '',
  ])
})

test('a name keeps its help and its type', () => {
  const { made, told } = metrics()
  made.apply([base, { ...base, help: 'other' }, { ...base, type: 'gauge' }, { ...base }])
  expect(told).toEqual([
    'metric m: help for metric m is already set to what it is, it cannot be changed',
    'metric m: found existing counter for custom metric m of type gauge',
  ])
  expect(made.text()).toContain('argo_workflows_m 2\n')
})
