import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { understand } from '../../packages/app/src/input/understand.ts'
import { parseWorkflow } from '../../packages/engine/src/index.ts'
import { unsupported } from '../../packages/engine/src/workflow/validate/supported.ts'
import { expectEnd, missing, orderOf, runAll } from './check-example.ts'
import { absent, type Example, present, readExamples } from './documents.ts'
import type { Fate } from './example.ts'
import { examples as fates } from './examples.table.ts'
import { type End, House } from './house.ts'

const examples = readExamples()
const of = <K extends Fate['kind']>(kind: K) =>
  Object.entries(fates).filter(
    (entry): entry is [string, Extract<Fate, { kind: K }>] => entry[1].kind === kind,
  )

if (!present) console.warn(`skipped: ${absent}`)

describe.skipIf(!present)('upstream’s examples', () => {
  test('are all in the table', () => {
    expect(Object.keys(fates).toSorted()).toEqual([...examples.keys()].toSorted())
  })

  test('run, most of them', () => {
    expect(of('runs').length).toBeGreaterThanOrEqual(185)
  })

  test.each(of('refused'))('%s is refused by the names of its fields', (id, { fields }) => {
    const { object } = example(id).document
    const problems = unsupported(parseWorkflow(object).workflow.spec)
    expect([...new Set(problems.map(({ path }) => path))]).toEqual(fields)
  })

  test.each(of('not taken'))('%s is not for `argosy run`', (id, { because }) => {
    expect(complaints(id).join('\n')).toContain(because)
  })

  test.each(of('taken'))('%s is taken', (id) => {
    expect(complaints(id)).toEqual([])
  })
})

describe.skipIf(!present)('upstream’s examples run', () => {
  const quick = of('runs').filter(([, { slow }]) => slow === undefined)
  const runnable = quick.filter(([, fate]) => present && missing(fate).length === 0)
  let house: Promise<House>
  let ends: ReadonlyMap<string, Promise<End>>

  beforeAll(() => {
    house = House.open('quick')
    const orders = runnable.map(([id, fate]) => [id, orderOf(example(id), fate, examples)] as const)
    ends = runAll(new Map(orders), house, { atOnce: 6, limitMs: 50_000 })
  })
  afterAll(async () => (await house)[Symbol.asyncDispose]())

  test.each(quick)('%s', { timeout: 60_000 }, async (id, fate) => {
    const end = await ends.get(id)
    if (end) expectEnd(end, fate)
    else console.warn(`${id} skipped: this machine has no ${missing(fate).join(', ')}`)
  })
})

function example(id: string): Example {
  const found = examples.get(id)
  if (!found) throw new Error(`there is no ${id}`)
  return found
}

/** What `argosy run` says about one document; templates may use those beside them. */
function complaints(id: string): readonly string[] {
  const folder = id.slice(0, id.lastIndexOf('/') + 1)
  const near = [...examples.values()].filter(
    (one) =>
      one.id === id ||
      (folder &&
        one.id.startsWith(folder) &&
        one.kind.endsWith('Template') &&
        fates[one.id]?.kind === 'taken'),
  )
  const text = near.map(({ document }) => JSON.stringify(document.object)).join('\n---\n')
  const none = { parameters: new Map(), entrypoint: undefined }
  return understand([{ file: id, text }], none).problems
}
