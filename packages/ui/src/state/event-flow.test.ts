import { expect, test } from 'vitest'
import { applyMessages, noFlow, withoutOldRuns } from './event-flow.ts'

const sensor = (uid: string, resourceVersion: string) => ({
  ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Sensor', metadata: { uid, resourceVersion } },
})

test('what comes is there until it goes; an older version is no news', () => {
  const first = applyMessages(noFlow, [
    { type: 'ADDED', object: sensor('a', '5') },
    { type: 'ADDED', object: sensor('b', '6') },
  ])
  expect(first.loaded).toBe(false)
  const refused = [{ kind: 'EventBus', message: 'no' }]
  const flow = applyMessages(first, [
    { type: 'LISTED', refused },
    { type: 'MODIFIED', object: sensor('a', '4') },
    { type: 'DELETED', object: sensor('b', '9') },
    { type: 'MODIFIED', object: sensor('c', '7') },
  ])
  const versions = [...flow.objects].map(([uid, one]) => `${uid} ${one.metadata.resourceVersion}`)
  expect(versions).toEqual(['a 5', 'c 7'])
  expect([flow.loaded, flow.refused]).toEqual([true, refused])
})

test('of thousands of runs the newest of each binding are kept, and everything else', () => {
  const labels = { 'workflows.argoproj.io/workflow-event-binding': 'b' }
  const run = (at: number) => ({
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', spec: {} },
    metadata: { uid: `r${at}`, labels },
    status: { startedAt: new Date(at * 1000).toISOString() },
  })
  const add = (count: number) =>
    withoutOldRuns(
      applyMessages(noFlow, [
        { type: 'ADDED', object: sensor('a', '1') },
        ...Array.from({ length: count }, (_, at) => ({ type: 'ADDED', object: run(at) })),
      ]),
    )
  expect(add(1000).objects.size).toBe(1001)
  const kept = [...add(1001).objects.keys()]
  expect(kept).toHaveLength(51)
  expect([kept[0], kept[1], kept.at(-1)]).toEqual(['a', 'r951', 'r1000'])
})
