import type { Template, WorkflowSpec } from '../../spec/workflow.ts'
import type { Outcome } from './play.ts'

type Act =
  | 'suspend'
  | 'resume'
  | 'Stop'
  | 'Terminate'
  /** A pod moves on. */
  | 'move'
  /** Somebody deletes the first pod. */
  | 'vanish'
  /** The engine is started anew. */
  | 'restart'
  /** Everything goes on as far as it can. */
  | 'play'

/** What becomes of a workflow that is suspended. Node names are without the workflow's, as in golden.table.ts. */
export interface SuspendCase {
  readonly name: string
  readonly spec: WorkflowSpec
  readonly ends?: Readonly<Record<string, number | Outcome>>
  /** After the first pass. */
  readonly acts: readonly Act[]
  readonly nodes: Readonly<Record<string, string>>
  readonly stopped?: number
  readonly workflow: string
}

const image = { name: 'main', image: 'i', command: ['c'] }
const pod: Template = { name: 'pod', container: image }
const gives: Template = {
  name: 'gives',
  container: image,
  outputs: { parameters: [{ name: 'v', valueFrom: { path: '/v' } }] },
}
const waits: Template = { name: 'waits', suspend: { duration: '5' } }
const again: Template = { ...pod, name: 'again', retryStrategy: { limit: '1' } }
const server: Template = { ...pod, name: 'server', daemon: true }
const slow: Template = { ...pod, name: 'slow', timeout: '3s' }
const locked: Template = { ...pod, name: 'locked', synchronization: { mutexes: [{ name: 'm' }] } }

function steps(first: string, more: Partial<WorkflowSpec> = {}): WorkflowSpec {
  const main = {
    name: 'main',
    steps: [[{ name: 'a', template: first }], [{ name: 'b', template: 'pod' }]],
  }
  return {
    entrypoint: 'main',
    templates: [main, pod, gives, waits, again, server, slow, locked],
    ...more,
  }
}

const halfway = { '': 'Steps Running', '[0]': 'StepGroup Running' }
const done = {
  '': 'Steps Succeeded',
  '[0]': 'StepGroup Succeeded',
  '[0].a': 'Pod Succeeded',
  '[1]': 'StepGroup Succeeded',
  '[1].b': 'Pod Succeeded',
}

export const suspendCases: readonly SuspendCase[] = [
  {
    name: 'a workflow that is suspended before it begins has no node',
    spec: steps('pod', { suspend: true }),
    acts: ['play'],
    nodes: {},
    workflow: 'Running',
  },
  {
    name: 'it begins when it is resumed',
    spec: steps('pod', { suspend: true }),
    acts: ['play', 'resume', 'play'],
    nodes: done,
    workflow: 'Succeeded',
  },
  {
    name: 'the phase of a pod is followed, and its group waits',
    spec: steps('pod'),
    acts: ['suspend', 'move'],
    nodes: { ...halfway, '[0].a': 'Pod Running' },
    workflow: 'Running',
  },
  {
    name: 'a pod may end, and what comes after it does not begin',
    spec: steps('pod'),
    acts: ['suspend', 'play'],
    nodes: { ...halfway, '[0].a': 'Pod Succeeded' },
    workflow: 'Running',
  },
  {
    name: 'what a pod did meanwhile counts when the workflow is resumed',
    spec: steps('pod'),
    acts: ['suspend', 'play', 'resume', 'play'],
    nodes: done,
    workflow: 'Succeeded',
  },
  {
    name: 'outputs are taken in',
    spec: steps('gives'),
    ends: { '[0].a': { outputs: { parameters: [{ name: 'v', value: '7' }] } } },
    acts: ['suspend', 'play'],
    nodes: { ...halfway, '[0].a': 'Pod Succeeded (v=7)' },
    workflow: 'Running',
  },
  {
    name: 'it stays so over a restart',
    spec: steps('pod'),
    acts: ['suspend', 'move', 'restart', 'play'],
    nodes: { ...halfway, '[0].a': 'Pod Succeeded' },
    workflow: 'Running',
  },
  {
    name: 'a failed attempt is followed by none before the workflow is resumed',
    spec: steps('again'),
    ends: { '[0].a(0)': 1 },
    acts: ['suspend', 'play'],
    nodes: {
      ...halfway,
      '[0].a': 'Retry Running',
      '[0].a(0)': 'Pod Failed: main: Error (exit code 1)',
    },
    workflow: 'Running',
  },
  {
    name: 'a failed attempt is followed by another when the workflow is resumed',
    spec: steps('again'),
    ends: { '[0].a(0)': 1 },
    acts: ['suspend', 'play', 'resume', 'play'],
    nodes: {
      ...done,
      '[0].a': 'Retry Succeeded',
      '[0].a(0)': 'Pod Failed: main: Error (exit code 1)',
      '[0].a(1)': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'a failure is not the workflow’s before it is resumed',
    spec: steps('pod'),
    ends: { '[0].a': 1 },
    acts: ['suspend', 'play'],
    nodes: { ...halfway, '[0].a': 'Pod Failed: main: Error (exit code 1)' },
    workflow: 'Running',
  },
  {
    name: 'a node that waits does not wake up by itself',
    spec: steps('waits'),
    acts: ['suspend', 'play'],
    nodes: { ...halfway, '[0].a': 'Suspend Running' },
    workflow: 'Running',
  },
  {
    name: 'a pod that vanishes while it runs is lost',
    spec: steps('pod'),
    acts: ['move', 'suspend', 'vanish'],
    nodes: { ...halfway, '[0].a': 'Pod Error: pod deleted' },
    workflow: 'Running',
  },
  {
    name: 'a pending pod that vanishes is made again when the workflow is resumed',
    spec: steps('pod'),
    acts: ['suspend', 'vanish', 'resume', 'play'],
    nodes: done,
    workflow: 'Succeeded',
  },
  {
    name: 'a daemon becomes one, and nobody is served yet',
    spec: steps('server'),
    ends: { '[0].a': { never: true } },
    acts: ['suspend', 'play'],
    nodes: { ...halfway, '[0].a': 'Pod Running (daemon)' },
    workflow: 'Running',
  },
  {
    name: 'the deadline ends the pods, and the workflow when it is resumed',
    spec: steps('pod', { activeDeadlineSeconds: 10 }),
    ends: { '[0].a': { never: true } },
    acts: ['move', 'suspend', 'play', 'resume', 'play'],
    nodes: {
      '': "Steps Failed: child '[0].a' failed",
      '[0]': "StepGroup Failed: child '[0].a' failed",
      '[0].a': 'Pod Failed: Step exceeded its deadline',
    },
    stopped: 1,
    workflow: "Failed: child '[0].a' failed",
  },
  {
    name: 'a node that waits ends at the deadline too',
    spec: steps('waits', { activeDeadlineSeconds: 3 }),
    acts: ['suspend', 'play'],
    nodes: { ...halfway, '[0].a': 'Suspend Failed: Step exceeded its deadline' },
    workflow: 'Running',
  },
  {
    name: 'Stop ends the pods; the exit handler waits until the workflow is resumed',
    spec: steps('pod', { onExit: 'pod' }),
    acts: ['move', 'suspend', 'Stop', 'play'],
    nodes: { ...halfway, '[0].a': 'Pod Failed: workflow shutdown with strategy:  Stop' },
    stopped: 1,
    workflow: 'Running',
  },
  {
    name: 'Stop ends a node that waits',
    spec: steps('waits'),
    acts: ['suspend', 'Stop', 'play'],
    nodes: { ...halfway, '[0].a': "Suspend Failed: Stopped with strategy 'Stop'" },
    workflow: 'Running',
  },
  {
    name: 'Terminate ends the workflow, suspended or not',
    spec: steps('pod', { onExit: 'pod' }),
    acts: ['move', 'suspend', 'Terminate', 'play'],
    nodes: {
      '': "Steps Failed: child '[0].a' failed",
      '[0]': "StepGroup Failed: child '[0].a' failed",
      '[0].a': 'Pod Failed: workflow shutdown with strategy:  Terminate',
    },
    stopped: 1,
    workflow: "Failed: Stopped with strategy 'Terminate'",
  },
  {
    name: 'a node holds its lock while the workflow is suspended, and gives it back when it ends',
    spec: steps('locked'),
    acts: ['suspend', 'play', 'resume', 'play'],
    nodes: done,
    workflow: 'Succeeded',
  },
]
