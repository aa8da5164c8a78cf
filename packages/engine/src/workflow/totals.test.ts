import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NodeTable } from './nodes.ts'
import { sumUpGroups } from './totals.ts'

/** Nodes in the order in which they were made; each names its children by their places, which come later mostly. */
type Drawn = readonly { readonly isGroup: boolean; readonly below: readonly number[] }[]

const drawn: fc.Arbitrary<Drawn> = fc
  .array(fc.record({ isGroup: fc.boolean(), below: fc.array(fc.nat(30), { maxLength: 4 }) }), {
    minLength: 1,
    maxLength: 30,
  })
  .map((nodes) =>
    nodes.map(({ isGroup, below }, place) => ({
      isGroup,
      below: below.map((step) => place + 1 + (step % 6)).filter((at) => at < nodes.length),
    })),
  )

function tableOf(nodes: Drawn, order = nodes.map((_, place) => place)): NodeTable {
  const table = new NodeTable()
  for (const place of order) {
    const { isGroup = true, below = [] } = nodes[place] ?? {}
    table.create(
      {
        ...{ id: `n${place}`, name: `n${place}`, displayName: '', phase: 'Succeeded' },
        type: isGroup ? 'StepGroup' : 'Pod',
        children: below.map((at) => `n${at}`),
        ...(!isGroup && { progress: `1/${place + 1}`, resourcesDuration: { cpu: place } }),
      },
      undefined,
    )
  }
  return table
}

function reachable(nodes: Drawn, from: number): ReadonlySet<number> {
  const seen = new Set(nodes[from]?.below)
  for (const place of seen) for (const at of nodes[place]?.below ?? []) seen.add(at)
  return seen
}

function expectSums(nodes: Drawn, table: NodeTable): void {
  for (const [place, { isGroup }] of nodes.entries()) {
    if (!isGroup) continue
    const pods = [...reachable(nodes, place)].filter((at) => !nodes[at]?.isGroup)
    const all = pods.reduce((sum, at) => sum + at + 1, 0)
    const cpu = pods.reduce((sum, at) => sum + at, 0)
    const { progress, resourcesDuration } = table.get(`n${place}`)?.status ?? {}
    expect(progress).toBe(all === 0 ? undefined : `${pods.length}/${all}`)
    expect(resourcesDuration).toEqual(pods.length === 0 ? undefined : { cpu })
  }
}

test('a group sums up everything below it, each node once, in whatever order they were made', () => {
  fc.assert(
    fc.property(drawn, fc.boolean(), (nodes, isBackwards) => {
      const order = nodes.map((_, place) => place)
      const table = tableOf(nodes, isBackwards ? order.reverse() : order)
      sumUpGroups(table)
      expectSums(nodes, table)
    }),
    { numRuns: 500 },
  )
})

test('a chain of 50,000 groups is summed to its first one', () => {
  const nodes = Array.from({ length: 100_000 }, (_, place) => ({
    isGroup: place % 2 === 0,
    below: place < 99_999 ? [place + 1] : [],
  }))
  const table = tableOf(nodes)
  sumUpGroups(table)
  expect(table.get('n0')?.status.progress).toBe(`50000/${50_000 * 50_001}`)
  expect(table.get('n99998')?.status.progress).toBe('1/100000')
})
