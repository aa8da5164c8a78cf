import { expect, test } from 'vitest'
import { applyMessages, noFlow } from './event-flow.ts'

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
