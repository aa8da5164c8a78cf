import { describe, expect, test } from 'vitest'
import { GroupSums } from './group-sums.ts'
import { NodeTable } from './nodes.ts'
import { completed, parseProgress } from './progress.ts'

const now = '2026-01-01T00:00:00Z'

/** A table whose nodes are named and typed like those of a workflow `w`. */
function tableOf(types: Readonly<Record<string, 'Steps' | 'StepGroup' | 'TaskGroup' | 'Pod'>>) {
  const nodes = new NodeTable()
  for (const [name, type] of Object.entries(types)) {
    const progress = type === 'Pod' ? { progress: '0/1' } : {}
    nodes.create(
      { id: name, name, displayName: name, type, phase: 'Running', ...progress, children: [] },
      undefined,
    )
  }
  const node = (name: string) => {
    const found = nodes.named(name)
    if (found === undefined) throw new Error(`no node ${name}`)
    return found
  }
  return { nodes, node, progress: (name: string) => node(name).status.progress }
}

describe('while a workflow runs', () => {
  test('a group counts what its name encloses, items that look like paths too', () => {
    const { nodes, node, progress } = tableOf({
      w: 'Steps',
      'w[0]': 'StepGroup',
      'w[0].a': 'TaskGroup',
      'w[0].a(0:x.y[1])': 'Pod',
      'w[0].a(1:z)': 'Pod',
      'w[0].ab': 'Pod',
    })
    const sums = new GroupSums(nodes, 'w')
    nodes.setPhase(node('w[0].ab'), 'Succeeded', now)
    nodes.setPhase(node('w[0].a(0:x.y[1])'), 'Succeeded', now)
    sums.settle()
    expect([progress('w[0].a'), progress('w[0]'), progress('w')]).toEqual(['1/2', '2/3', '2/3'])
    expect(sums.whole).toMatchObject({ done: 2, all: 3 })
  })

  test('what a step says of itself counts with its weight, and as done when it went well', () => {
    const { nodes, node, progress } = tableOf({ w: 'Steps', 'w.a': 'Pod', 'w.b': 'Pod' })
    const sums = new GroupSums(nodes, 'w')
    nodes.set(node('w.a'), 'progress', '25/50')
    nodes.set(node('w.b'), 'progress', '50/150')
    sums.settle()
    expect(progress('w')).toBe('75/200')
    nodes.setPhase(node('w.a'), 'Succeeded', now)
    nodes.setPhase(node('w.b'), 'Failed', now)
    sums.settle()
    expect([progress('w.a'), progress('w.b'), progress('w')]).toEqual([
      '50/50',
      '50/150',
      '100/200',
    ])
  })

  test('the exit handler counts for the workflow, and not for its root', () => {
    const { nodes, progress } = tableOf({ w: 'Steps', 'w[0].a': 'Pod', 'w.onExit': 'Pod' })
    const sums = new GroupSums(nodes, 'w')
    sums.settle()
    expect(progress('w')).toBe('0/1')
    expect(sums.whole.all).toBe(2)
  })

  test('seconds of resources are summed, and written once', () => {
    const { nodes, node } = tableOf({ w: 'Steps', 'w.a': 'Pod', 'w.b': 'Pod' })
    const sums = new GroupSums(nodes, 'w')
    nodes.set(node('w.a'), 'resourcesDuration', { cpu: 1, memory: 2 })
    nodes.set(node('w.b'), 'resourcesDuration', { cpu: 3 })
    sums.settle()
    expect(node('w').status.resourcesDuration).toEqual({ cpu: 4, memory: 2 })
    nodes.collect([])
    sums.settle()
    const ops: never[] = []
    nodes.collect(ops)
    expect(ops).toEqual([])
  })

  test('a group with nothing to do says nothing', () => {
    const { nodes, progress } = tableOf({ w: 'Steps' })
    new GroupSums(nodes, 'w').settle()
    expect(progress('w')).toBeUndefined()
  })
})

describe('progress', () => {
  test.each(['', '1', '2/1', '0/0', '-1/2', '1/2/3', 'a/b', '1/99999999999999999999'])(
    '%j says nothing',
    (text) => expect(parseProgress(text)).toBeUndefined(),
  )

  test('is complete in its own measure', () => {
    expect([completed('3/50'), completed('rubbish'), completed(undefined)]).toEqual([
      '50/50',
      '1/1',
      '1/1',
    ])
  })
})
