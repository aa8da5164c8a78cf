import type { NodeStatus, Workflow } from '@argosy/engine'
import { describe, expect, it } from 'vitest'
import { plain } from '../output/paint.ts'
import { Progress } from '../output/progress.ts'
import { textWidth } from '../output/text-width.ts'
import { type Canvas, draw } from './draw.ts'

const canvas: Canvas = {
  columns: 100,
  height: 40,
  paint: plain,
  format: 'tree',
  podName: (workflow, node) => `${workflow}-pod-${node.displayName}`,
}

const start = '2026-01-01T00:00:00Z'
const end = '2026-01-01T00:00:02Z'
const now = Date.parse('2026-01-01T00:01:00Z')

type Sketch = Partial<NodeStatus> & { readonly name: string }

function workflow(...sketches: readonly Sketch[]): Workflow {
  const nodes = sketches.map(({ name, ...rest }): NodeStatus => {
    const displayName = name.replace(/^.*\.(?=[^.]*$)/, '')
    const over = rest.phase !== 'Running' && rest.phase !== 'Pending'
    const times = { startedAt: start, ...(over ? { finishedAt: end } : {}) }
    return { id: name, name, displayName, type: 'Pod', phase: 'Succeeded', ...times, ...rest }
  })
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name: 'wf' },
    spec: {},
    status: {
      phase: 'Running',
      startedAt: start,
      nodes: Object.fromEntries(nodes.map((node) => [node.id, node])),
    },
  }
}

function drawn(from: Workflow, options: Partial<Canvas> = {}): readonly string[] {
  const progress = new Progress('wf', from, now)
  progress.update(from, now)
  return draw(progress, now, { ...canvas, ...options })
}

describe('the tree', () => {
  it('draws step groups as upstream does, one branch per group', () => {
    const lines = drawn(
      workflow(
        { name: 'wf', type: 'Steps', phase: 'Running' },
        { name: 'wf[0]', type: 'StepGroup', boundaryID: 'wf', children: ['wf[0].a'] },
        { name: 'wf[0].a', boundaryID: 'wf', children: ['wf[1]'] },
        { name: 'wf[1]', type: 'StepGroup', boundaryID: 'wf', children: ['wf[1].b', 'wf[1].c'] },
        { name: 'wf[1].b', boundaryID: 'wf' },
        { name: 'wf[1].c', boundaryID: 'wf', phase: 'Failed', message: 'exit code 1' },
      ),
    )
    expect(lines).toEqual([
      '● wf  Running  1m00s',
      ' STEP     DURATION  MESSAGE',
      ' ● wf     1m00s',
      ' ├───✔ a  2.0s',
      ' └─┬─✔ b  2.0s',
      '   └─✖ c  2.0s      exit code 1',
    ])
  })

  it('draws the tasks of a DAG below it, the items of a loop in its place, and no omitted task', () => {
    const lines = drawn(
      workflow(
        { name: 'wf', type: 'DAG', phase: 'Running', templateName: 'main' },
        { name: 'wf.a', boundaryID: 'wf', children: ['wf.loop'] },
        { name: 'wf.loop', type: 'TaskGroup', boundaryID: 'wf', children: ['wf.loop(0:x)'] },
        { name: 'wf.loop(0:x)', boundaryID: 'wf', phase: 'Running' },
        { name: 'wf.z', boundaryID: 'wf', phase: 'Omitted' },
      ),
    )
    expect(lines.slice(2).map((line) => line.trim().split(/ {2}/)[0])).toEqual([
      '● wf',
      '├─✔ a',
      '└─● loop(0:x)',
    ])
  })

  it('shows a retry with one attempt as one line, and every attempt of a retry that needed more', () => {
    const retry = { name: 'wf.a', type: 'Retry', boundaryID: 'wf' } as const
    const one = drawn(
      workflow(
        { name: 'wf', type: 'DAG' },
        { ...retry, children: ['wf.a(0)'] },
        { name: 'wf.a(0)', boundaryID: 'wf', nodeFlag: { retried: true } },
      ),
    )
    const two = drawn(
      workflow(
        { name: 'wf', type: 'DAG' },
        { ...retry, children: ['wf.a(0)', 'wf.a(1)'] },
        { name: 'wf.a(0)', boundaryID: 'wf', phase: 'Failed', nodeFlag: { retried: true } },
        { name: 'wf.a(1)', boundaryID: 'wf', nodeFlag: { retried: true } },
      ),
    )
    expect(one.slice(3).map((line) => line.trim())).toEqual(['└─✔ a  2.0s'])
    expect(two.slice(3).map((line) => line.trim().split(/ {2,}/)[0])).toEqual([
      '└─✔ a',
      '├─✖ a(0)',
      '└─✔ a(1)',
    ])
  })

  it('puts the exit handler after the entry point', () => {
    const lines = drawn(workflow({ name: 'wf.onExit' }, { name: 'wf' }))
    expect(lines.slice(2).map((line) => line.trim().split(/ {2}/)[0])).toEqual(['✔ wf', '✔ onExit'])
  })

  it('shows pod names when asked for more', () => {
    const from = workflow({ name: 'wf', type: 'DAG' }, { name: 'wf.a', boundaryID: 'wf' })
    expect(drawn(from, { format: 'wide' }).at(-1)).toContain('wf-pod-a')
  })

  it('folds a loop of fifty thousand to its counts, with what failed and runs below', () => {
    const items = Array.from({ length: 50_000 }, (_, index): Sketch => {
      const phase = index === 49_000 ? 'Failed' : index === 49_500 ? 'Running' : 'Succeeded'
      return { name: `wf[0].load(${index}:f${index})`, boundaryID: 'wf', phase }
    })
    const group: Sketch = {
      name: 'wf[0]',
      type: 'StepGroup',
      boundaryID: 'wf',
      children: items.map((item) => item.name),
    }
    const lines = drawn(workflow({ name: 'wf', type: 'Steps' }, group, ...items))
    expect(lines.slice(3).map((line) => line.replace(/ {2,}/g, '  ').trim())).toEqual([
      '└───✖ load  50000 items: 1 failed, 1 running, 49998 succeeded',
      '├─✖ load(49000:f49000)  2.0s',
      '└─● load(49500:f49500)  1m00s',
    ])
  })

  it('never takes more lines or columns than there are', () => {
    const tasks = Array.from({ length: 300 }, (_, index): Sketch => {
      return { name: `wf.task-${index}`, boundaryID: 'wf', message: '日本語 '.repeat(30) }
    })
    const lines = drawn(workflow({ name: 'wf', type: 'DAG', phase: 'Running' }, ...tasks), {
      columns: 40,
      height: 12,
    })
    expect(lines.length).toBeLessThanOrEqual(12)
    expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(40)
    expect(lines.at(-1)).toContain('more')
  })

  it('lets nothing from a message move the cursor', () => {
    const lines = drawn(
      workflow(
        { name: 'wf', type: 'DAG' },
        { name: 'wf.a', boundaryID: 'wf', message: 'x\u001b[2J\ny' },
      ),
    )
    expect(lines.at(-1)).toMatch(/x y$/)
  })
})
