import type { Workflow } from '@argosy/engine'
import { expect, it } from 'vitest'
import { inListOrder, understandFilter } from './filter.ts'

const now = Date.parse('2026-01-02T00:00:00Z')

function workflow(name: string, created: string, finishedAt?: string): Workflow {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name, creationTimestamp: `2026-01-01T${created}Z` },
    spec: {},
    ...(finishedAt && { status: { finishedAt: `2026-01-01T${finishedAt}Z` } }),
  }
}

it('asks the server for labels and fields', () => {
  const { labelSelector, fieldSelector } = understandFilter(
    {
      ...{ selector: 'a=b', status: ['Failed', 'Error'], completed: true, resubmitted: true },
      fieldSelector: 'metadata.name=x',
    },
    now,
  )
  expect(labelSelector).toBe(
    'a=b,workflows.argoproj.io/phase in (Failed,Error),workflows.argoproj.io/completed=true,' +
      'workflows.argoproj.io/resubmitted-from-workflow',
  )
  expect(fieldSelector).toBe('metadata.name=x')
  expect(understandFilter({ running: true }, now).labelSelector).toBe(
    'workflows.argoproj.io/completed!=true',
  )
})

it('keeps by prefix, by when it was created and by when it ended', () => {
  const kept = (filter: Parameters<typeof understandFilter>[0], one: Workflow) =>
    understandFilter(filter, now).keep(one)
  const old = workflow('old-one', '10:00:00', '11:00:00')
  const open = workflow('open', '23:30:00')
  expect([kept({ prefix: 'old' }, old), kept({ prefix: 'old' }, open)]).toEqual([true, false])
  expect([kept({ since: '1h' }, old), kept({ since: '1h' }, open)]).toEqual([false, true])
  expect([kept({ older: '2h' }, old), kept({ older: '2h' }, open)]).toEqual([true, false])
  expect(kept({ older: '1d' }, old)).toBe(false)
  expect(kept({ since: '1d', older: '2h' }, old)).toBe(true)
})

it('says what cannot be meant', () => {
  expect(() => understandFilter({ completed: true, running: true }, now)).toThrow(
    '--completed and --running cannot be used together',
  )
  expect(() => understandFilter({ older: 'soon' }, now)).toThrow('--older soon: expected a time')
})

it('lists open ones first, the newest before, then the last that ended', () => {
  const all = [
    workflow('ended-early', '01:00:00', '02:00:00'),
    workflow('open-old', '03:00:00'),
    workflow('ended-late', '01:00:00', '05:00:00'),
    workflow('open-new', '04:00:00'),
  ]
  expect(inListOrder(all).map(({ metadata }) => metadata.name)).toEqual([
    ...['open-new', 'open-old', 'ended-late', 'ended-early'],
  ])
})

it('keeps what a search finds, and shows where one is wrong', () => {
  const { keep } = understandFilter({ query: 'name=a* finished<2026-01-01T02:00:00Z' }, now)
  expect(keep(workflow('ab', '00:00:00', '01:00:00'))).toBe(true)
  expect(keep(workflow('ab', '00:00:00', '03:00:00'))).toBe(false)
  expect(keep(workflow('ba', '00:00:00', '01:00:00'))).toBe(false)
  expect(() => understandFilter({ query: 'x status=fialed' }, now)).toThrow(
    '--query: fialed is no status: did you mean Failed?\n\n  x status=fialed\n           ^^^^^^',
  )
})
