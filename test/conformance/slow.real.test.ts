import { afterAll, beforeAll, describe, test } from 'vitest'
import { expectEnd, missing, orderOf, runAll } from './check-example.ts'
import { absent, present, readExamples } from './documents.ts'
import type { Runs } from './example.ts'
import { examples as fates } from './examples.table.ts'
import { type End, House } from './house.ts'
import type { Pace } from './stand-ins.ts'

const examples = readExamples()

if (!present) console.warn(`skipped: ${absent}`)

/**
 * Examples that sleep. At the quick pace `sleep` and Python's sleep take a twentieth of their time, which changes no
 * order of events; where a timeout is the point they take all of it.
 */
describe.skipIf(!present).each<Pace>(['quick', 'real'])(
  'upstream’s slow examples, at %s pace',
  (pace) => {
    const slow = Object.entries(fates).filter(
      (entry): entry is [string, Runs] =>
        entry[1].kind === 'runs' &&
        entry[1].slow !== undefined &&
        (entry[1].pace ?? 'quick') === pace,
    )
    let house: Promise<House>
    let ends: ReadonlyMap<string, Promise<End>>

    beforeAll(() => {
      house = House.open(pace)
      const orders = slow.flatMap(([id, fate]) => {
        const example = examples.get(id)
        return example && missing(fate).length === 0
          ? [[id, orderOf(example, fate, examples)] as const]
          : []
      })
      ends = runAll(new Map(orders), house, { atOnce: slow.length, limitMs: 200_000 })
    })
    afterAll(async () => (await house)[Symbol.asyncDispose]())

    test.each(slow)('%s', { timeout: 240_000 }, async (id, fate) => {
      const end = await ends.get(id)
      if (end) expectEnd(end, fate)
      else console.warn(`${id} skipped: this machine has no ${missing(fate).join(', ')}`)
    })
  },
)
