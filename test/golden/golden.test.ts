import { describe, expect, test } from 'vitest'
import { facts } from '../../packages/engine/src/workflow/testing/compare.ts'
import { goldenCases, goldenFiles } from './golden-file.ts'
import { disagreements, playGolden } from './play-golden.ts'
import { told } from './told.ts'

// Each case is a workflow, the history of its pods and, after `->`, its end: written from upstream's rules, not from what comes out here.
describe.each(goldenFiles())('%s', (file) => {
  test.each(goldenCases(file))('$name', (golden) => {
    const play = playGolden(golden)
    expect(told(play, golden.want)).toEqual(golden.want)
  })

  test.each(goldenCases(file))('the oracle agrees: $name', (golden) => {
    for (const [got, expected] of disagreements(golden)) expect(got).toEqual(expected)
  })

  test.each(goldenCases(file))('a restart at every pass changes nothing: $name', (golden) => {
    const smooth = playGolden(golden)
    const rough = playGolden(golden, { crash: () => true })
    expect(facts(rough.workflow)).toEqual(facts(smooth.workflow))
    const { facts: wanted } = golden.want
    expect(told(rough, golden.want).facts).toEqual(wanted)
  })
})

test('there are enough of them', () => {
  expect(goldenFiles().flatMap((file) => goldenCases(file)).length).toBeGreaterThan(400)
})
