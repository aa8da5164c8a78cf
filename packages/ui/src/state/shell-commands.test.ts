import type { NodeStatus, Workflow } from '@argosy/engine'
import { expect, test } from 'vitest'
import { quoted, shellCommands } from './shell-commands.ts'

const node = (more: Partial<NodeStatus>): NodeStatus => ({
  ...{ id: 'r-1', name: 'r.build(0:a b)', displayName: 'build', type: 'Pod' },
  ...{ templateName: 'work', phase: 'Failed' },
  ...more,
})
const run = (phase: 'Failed' | 'Running', ...nodes: readonly NodeStatus[]) =>
  ({
    metadata: {
      ...{ name: 'r', namespace: 'argo' },
      annotations: { 'workflows.argoproj.io/pod-name-format': 'v1' },
    },
    status: { phase, nodes: Object.fromEntries(nodes.map((one) => [one.id, one])) },
  }) as unknown as Workflow
const commands = (phase: 'Failed' | 'Running', one: NodeStatus) =>
  shellCommands(run(phase, one), one).map(({ command }) => command)

test('a step that failed can be asked why, read, and run again', () => {
  expect(commands('Failed', node({}))).toEqual([
    'argosy debug -n argo r r-1',
    "argosy why -n argo r 'r.build(0:a b)'",
    'argosy logs -n argo --all-containers r r-1',
    'argosy retry -n argo --watch --restart-successful --node-field-selector id=r-1 r',
  ])
})

test('while others still run, nothing is run again', () => {
  expect(commands('Running', node({})).join()).not.toContain('retry')
})

test('into one that runs a shell can be opened, and no copy of it is offered', () => {
  expect(commands('Running', node({ phase: 'Running' })).join()).not.toContain('debug')
  expect(commands('Running', node({ phase: 'Running' }))[0]).toBe(
    'kubectl exec -it -n argo r-1 -c main -- sh',
  )
})

test('what made no pod has no log', () => {
  expect(commands('Failed', node({ type: 'Steps' })).join()).not.toContain('logs')
})

test('a shell gets every name as one word', () => {
  expect(quoted('a-b.c=1')).toBe('a-b.c=1')
  expect(quoted("it's $HOME")).toBe("'it'\\''s $HOME'")
  expect(quoted('')).toBe("''")
})
