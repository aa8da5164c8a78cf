import { describe, expect, test } from 'vitest'
import { fold, tally } from './fold.ts'
import { loop, node, nodesOf } from './nodes.fixture.ts'

const none = new Set<string>()
const lines = ({ edges }: ReturnType<typeof fold>) =>
  edges.map(({ from, to }) => `${from} → ${to}`).sort()

describe('a loop', () => {
  const id = 'fold:run.fetch/fetch'

  test('of many items is one shape, with its lines in and out', () => {
    const drawing = fold(loop(50), none)
    expect(drawing.shapes.map((one) => one.id)).toEqual(['run', id, 'run.last'])
    expect(lines(drawing)).toEqual([`${id} → run.last`, `run → ${id}`])
  })

  test('has its failed items first and their phase', () => {
    const nodes = loop(50, [31, 40])
    const shape = fold(nodes, none).shapes.find((one) => one.id === id)
    expect(shape?.phase).toBe('Failed')
    expect(shape?.members.slice(0, 2)).toEqual(['run.fetch(31:item-31)', 'run.fetch(40:item-40)'])
    expect(tally(shape?.members ?? [], nodes)).toEqual([
      ['Failed', 2],
      ['Succeeded', 48],
    ])
  })

  test('of few items is not folded', () => {
    expect(fold(loop(3), none).shapes).toHaveLength(6)
  })

  test('that was unfolded can be folded again at its group', () => {
    const { shapes } = fold(loop(50), new Set([id]))
    expect(shapes).toHaveLength(53)
    expect(shapes.find((one) => one.id === 'run.fetch')).toMatchObject({
      toggle: id,
      folded: false,
    })
  })

  test('takes what is below its items with it', () => {
    const below = node('deep', { boundaryID: 'run.fetch(0:item-0)' })
    const nodes = { ...loop(10), deep: below }
    expect(fold(nodes, none).shapes.some((one) => one.id === 'deep')).toBe(false)
  })
})

test('attempts are seen as their Retry, and what follows the last one follows it', () => {
  const nodes = nodesOf(
    node('run', { type: 'DAG', children: ['run.a'] }),
    node('run.a', { type: 'Retry', boundaryID: 'run', children: ['run.a(0)', 'run.a(1)'] }),
    node('run.a(0)', { boundaryID: 'run', phase: 'Failed' }),
    node('run.a(1)', { boundaryID: 'run', children: ['run.b'] }),
    node('run.b', { boundaryID: 'run' }),
  )
  const drawing = fold(nodes, none)
  expect(drawing.shapes.map((one) => one.id)).toEqual(['run', 'run.a', 'run.b'])
  expect(lines(drawing)).toEqual(['run → run.a', 'run.a → run.b'])
})

describe('a group of steps', () => {
  const group = (name: string, children: readonly string[]) =>
    node(name, { type: 'StepGroup', boundaryID: 'run', children })

  test('that joins nothing is not drawn', () => {
    const nodes = nodesOf(
      node('run', { type: 'Steps', children: ['run[0]'] }),
      group('run[0]', ['run[0].a']),
      node('run[0].a', { boundaryID: 'run', children: ['run[1]'] }),
      group('run[1]', ['run[1].b', 'run[1].c']),
      node('run[1].b', { boundaryID: 'run' }),
      node('run[1].c', { boundaryID: 'run' }),
    )
    expect(lines(fold(nodes, none))).toEqual([
      'run → run[0].a',
      'run[0].a → run[1].b',
      'run[0].a → run[1].c',
    ])
  })

  test('between many and many stays as a junction: a plus b lines, not a times b', () => {
    const nodes = nodesOf(
      node('run', { type: 'Steps', children: ['run[0]'] }),
      group('run[0]', ['a', 'b']),
      node('a', { boundaryID: 'run', children: ['run[1]'] }),
      node('b', { boundaryID: 'run', children: ['run[1]'] }),
      group('run[1]', ['c', 'd']),
      node('c', { boundaryID: 'run' }),
      node('d', { boundaryID: 'run' }),
    )
    expect(lines(fold(nodes, none)).filter((line) => line.includes('run[1]'))).toHaveLength(4)
  })
})

test('owners in a circle and children that are not there do no harm', () => {
  const nodes = nodesOf(
    node('a', { boundaryID: 'b', children: ['b', 'gone'] }),
    node('b', { boundaryID: 'a', children: ['a'] }),
  )
  expect(fold(nodes, none).shapes).toHaveLength(2)
})
