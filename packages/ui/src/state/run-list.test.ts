import type { Workflow } from '@argosy/engine'
import { describe, expect, test } from 'vitest'
import { applyEvents, keyOf, listed, noRuns } from './run-list.ts'

const run = (name: string, resourceVersion: string, phase = 'Running') =>
  ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name, uid: name, resourceVersion },
    spec: {},
    status: { phase },
  }) as Workflow

const phaseOf = (list: typeof noRuns, name: string) => list.runs.get(name)?.status?.phase

describe('events', () => {
  test('add, change and take away', () => {
    const list = applyEvents(listed([run('a', '1'), run('b', '2')]), [
      { type: 'ADDED', object: run('c', '3') },
      { type: 'MODIFIED', object: run('a', '4', 'Failed') },
      { type: 'DELETED', object: run('b', '5') },
    ])
    expect([...list.runs.keys()]).toEqual(['a', 'c'])
    expect(phaseOf(list, 'a')).toBe('Failed')
  })

  test('that are older than what we have are no news', () => {
    const list = applyEvents(listed([run('a', '10', 'Succeeded')]), [
      { type: 'MODIFIED', object: run('a', '9', 'Running') },
    ])
    expect(phaseOf(list, 'a')).toBe('Succeeded')
  })

  test('of other kinds change nothing', () => {
    const list = applyEvents(noRuns, [
      { type: 'BOOKMARK', object: run('a', '1') },
      { type: 'ERROR', object: run('b', '1') },
      { type: 'MODIFIED', object: {} as Workflow },
    ])
    expect(list.runs.size).toBe(0)
  })

  test('leave the list before as it was', () => {
    const before = listed([run('a', '1')])
    applyEvents(before, [{ type: 'DELETED', object: run('a', '2') }])
    expect(before.runs.size).toBe(1)
  })
})

test('without an uid the name is the key', () => {
  expect(keyOf({ ...run('a', '1'), metadata: { name: 'a', namespace: 'argo' } })).toBe('argo/a')
})
