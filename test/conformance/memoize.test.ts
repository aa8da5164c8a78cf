import { describe, expect, test } from 'vitest'
import { present, readExamples } from './documents.ts'
import { House } from './house.ts'

// Where the examples are, the machine has a sandbox too.
describe.skipIf(!present)('memoize-simple.yaml, run twice', () => {
  test('runs its step once', async () => {
    const object = readExamples().get('memoize-simple.yaml')?.document.object ?? {}
    await using house = await House.open('quick')
    const [first, second] = [
      await house.run({ object, supplies: [] }, AbortSignal.timeout(20_000)),
      await house.run({ object, supplies: [] }, AbortSignal.timeout(20_000)),
    ]
    expect(first.nodes.get('')?.memoizationStatus?.hit).toBe(false)
    expect(second.nodes.get('')).toMatchObject({
      phase: 'Succeeded',
      memoizationStatus: { hit: true, key: 'cache-key', cacheName: 'cache-config' },
      outputs: { parameters: [{ name: 'hello', value: 'world' }] },
    })
    expect([first.pods.size, second.pods.size]).toEqual([1, 0])
  })
})
