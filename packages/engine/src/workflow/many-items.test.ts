import { expect, test } from 'vitest'
import type { DagTask, Invocation, Template, Workflow, WorkflowSpec } from '../spec/workflow.ts'
import { advance, load } from './advance.ts'

const image = { name: 'main', image: 'i', command: ['c'] }
const shared: readonly Template[] = [
  { name: 'pod', container: image },
  { name: 'nested', steps: [[{ name: 'x', template: 'pod' }]] },
  { name: 'known', container: image, podSpecPatch: '{' },
]

function workflowOf(main: Partial<Template>, more: Partial<WorkflowSpec>): Workflow {
  const templates = [{ name: 'main', ...main }, ...shared]
  const spec = { entrypoint: 'main', templates, ...more }
  const metadata = { name: 'w', namespace: 'default', uid: 'uid-1' }
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata, spec }
}

/** Passes until nothing goes on without news; how many operations each of them took at the most. */
function play(main: Partial<Template>, more: Partial<WorkflowSpec> = {}) {
  const world = { template: () => undefined, configMap: () => undefined }
  const run = load({ workflow: workflowOf(main, more), pods: [], results: [], world })
  const now = 1_767_225_600_000
  const seen = { ops: 0, passes: 0, pods: 0, nodes: 0, done: false }
  for (let again = true; again; ) {
    const { ops, create, wakeAt, done } = advance(run, [], now)
    seen.ops = Math.max(seen.ops, ops.length)
    seen.passes += 1
    seen.pods += create.length
    seen.nodes = run.size
    seen.done = done
    again = !done && wakeAt !== undefined && wakeAt <= now
  }
  return seen
}

const many = 12_000
const loop = { withSequence: { count: String(many) } }
const step = (more: Partial<Invocation>) => ({ steps: [[{ name: 'a', ...loop, ...more }]] })
const task = (more: Partial<DagTask>) => ({ dag: { tasks: [{ name: 'a', ...loop, ...more }] } })
const never = { template: 'pod', when: '{{item}} < 0' }

test.each([
  ['steps whose items do not run', step(never), { nodes: many + 2, pods: 0, done: true }],
  ['a task whose items do not run', task(never), { nodes: many + 2, pods: 0, done: true }],
  [
    'steps whose items are steps',
    step({ template: 'nested' }),
    { nodes: 3 * many + 2, pods: many, done: false },
  ],
  [
    'a task whose items cannot begin',
    task({ template: 'known' }),
    { nodes: many + 2, pods: 0, done: true },
  ],
])('%s are begun a few thousand at a time', (_, main, end) => {
  const { ops, passes, ...seen } = play(main)
  expect(seen).toEqual(end)
  expect(ops).toBeLessThan(15_000)
  expect(passes).toBeGreaterThanOrEqual(many / 3000)
})

test('steps that are lost do not look at all of the items that will never begin', () => {
  expect(play(step({ template: 'known' }))).toMatchObject({ done: true, nodes: 3, passes: 1 })
})

test.each([
  ['steps', step({ template: 'pod' })],
  ['a task', task({ template: 'pod' })],
])('%s that are terminated do not begin all of their items, for each to fail', (_, main) => {
  const { done, nodes, pods } = play(main, { shutdown: 'Terminate' })
  expect({ done, pods }).toEqual({ done: true, pods: 0 })
  expect(nodes).toBeLessThan(many / 2)
})
