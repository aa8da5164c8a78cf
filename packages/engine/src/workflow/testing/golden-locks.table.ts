import type { Step, Template, WorkflowSpec } from '../../spec/workflow.ts'
import type { Outcome } from './play.ts'

/** Workflows that share locks, played side by side; what their nodes say on the way. */
export interface LockCase {
  readonly name: string
  /** By the name of the workflow; begun in this order. */
  readonly workflows: Readonly<Record<string, WorkflowSpec>>
  readonly limits?: Readonly<Record<string, string>>
  readonly ends?: Readonly<Record<string, number | Outcome>>
  /** How many pods run at the same time at the most. */
  readonly atOnce?: number
  /** Whose pods begin, in order. */
  readonly order?: readonly string[]
  /** Every `node: message` that was ever seen, in order; the workflow's own are under its name. */
  readonly says?: readonly string[]
  /** How it ends: `Phase`, then `: message`. */
  readonly workflow?: Readonly<Record<string, string>>
  readonly nodes?: Readonly<Record<string, string>>
}

const container = { name: 'main', image: 'i', command: ['c'] }
const mutexes = (...names: string[]) => ({ mutexes: names.map((name) => ({ name })) })
const semaphores = (...keys: string[]) => ({
  semaphores: keys.map((key) => ({ configMapKeyRef: { name: 'limits', key } })),
})
const locked = (name: string, more: Partial<Template> = {}): Template => ({
  name,
  container,
  synchronization: mutexes('m'),
  ...more,
})
const step = (name: string, template: string, more: Partial<Step> = {}): Step => ({
  name,
  template,
  ...more,
})

/** Steps side by side in one group. */
function side(steps: readonly Step[], ...templates: Template[]): WorkflowSpec {
  return { entrypoint: 'main', templates: [{ name: 'main', steps: [steps] }, ...templates] }
}

const alone = (more: Partial<WorkflowSpec> = {}): WorkflowSpec => ({
  entrypoint: 'pod',
  templates: [{ name: 'pod', container }],
  ...more,
})

const waitsForMutex = 'Waiting for default/Mutex/m lock. Lock status: 0/1'
const noSuchLimit = 'failed to initialize semaphore default/ConfigMap/limits/none with limit'

const withinOne: readonly LockCase[] = [
  {
    name: 'a mutex lets one node after the other begin, in the order of the tree',
    workflows: {
      w: side([step('a', 'one'), step('b', 'one'), step('c', 'one')], locked('one')),
    },
    atOnce: 1,
    order: ['w[0].a', 'w[0].b', 'w[0].c'],
    says: [`w[0].b: ${waitsForMutex}`, `w[0].c: ${waitsForMutex}`],
    workflow: { w: 'Succeeded' },
  },
  {
    name: 'a semaphore lets as many begin as its ConfigMap says',
    workflows: {
      w: side(
        ['a', 'b', 'c', 'd'].map((name) => step(name, 'some')),
        locked('some', { synchronization: semaphores('two') }),
      ),
    },
    limits: { two: '2' },
    atOnce: 2,
    says: ['c', 'd'].map(
      (name) => `w[0].${name}: Waiting for default/ConfigMap/limits/two lock. Lock status: 0/2`,
    ),
    workflow: { w: 'Succeeded' },
  },
  {
    name: 'two names are two locks, also when the name comes from a parameter',
    workflows: {
      w: side(
        ['x', 'y', 'x'].map((value, index) =>
          step(`s${index}`, 'one', { arguments: { parameters: [{ name: 'p', value }] } }),
        ),
        locked('one', {
          inputs: { parameters: [{ name: 'p' }] },
          synchronization: mutexes('{{inputs.parameters.p}}'),
        }),
      ),
    },
    atOnce: 2,
    says: ['w[0].s2: Waiting for default/Mutex/x lock. Lock status: 0/1'],
    workflow: { w: 'Succeeded' },
  },
  {
    name: 'the namespace of a lock may be another one',
    workflows: {
      w: side(
        [step('a', 'one'), step('b', 'other')],
        locked('one'),
        locked('other', { synchronization: { mutexes: [{ name: 'm', namespace: 'far' }] } }),
      ),
    },
    atOnce: 2,
    says: [],
    workflow: { w: 'Succeeded' },
  },
  {
    name: 'several locks are taken all or none',
    workflows: {
      w: side(
        [step('a', 'one'), step('both', 'both'), step('c', 'two')],
        locked('one'),
        locked('both', { synchronization: mutexes('n', 'm') }),
        locked('two', { synchronization: mutexes('n') }),
      ),
    },
    atOnce: 2,
    order: ['w[0].a', 'w[0].c', 'w[0].both'],
    workflow: { w: 'Succeeded' },
  },
  {
    name: 'a failed node gives its lock back',
    workflows: { w: side([step('a', 'one'), step('b', 'one')], locked('one')) },
    ends: { 'w[0].a': 1 },
    order: ['w[0].a', 'w[0].b'],
    workflow: { w: "Failed: child 'w[0].a' failed" },
    nodes: { 'w[0].b': 'Pod Succeeded' },
  },
  {
    name: 'a node that is retried keeps its lock from the first attempt to the last',
    workflows: {
      w: side([step('a', 'one'), step('b', 'one')], locked('one', { retryStrategy: { limit: 1 } })),
    },
    ends: { 'w[0].a(0)': 1 },
    atOnce: 1,
    order: ['w[0].a(0)', 'w[0].a(1)', 'w[0].b(0)'],
    says: [`w[0].b: ${waitsForMutex}`, 'w[0].a(0): main: Error (exit code 1)'],
    workflow: { w: 'Succeeded' },
    nodes: { 'w[0].b': 'Retry Succeeded' },
  },
  {
    name: 'steps, dags and suspended nodes wait for a lock like pods',
    workflows: {
      w: side(
        [step('a', 'one'), step('s', 'steps'), step('d', 'dag'), step('p', 'pause')],
        locked('one'),
        { name: 'pod', container },
        { name: 'steps', synchronization: mutexes('m'), steps: [[step('x', 'pod')]] },
        {
          name: 'dag',
          synchronization: mutexes('m'),
          dag: { tasks: [{ name: 'x', template: 'pod' }] },
        },
        { name: 'pause', synchronization: mutexes('m'), suspend: { duration: '0' } },
      ),
    },
    atOnce: 1,
    order: ['w[0].a', 'w[0].s[0].x', 'w[0].d.x'],
    says: ['s', 'd', 'p'].map((name) => `w[0].${name}: ${waitsForMutex}`),
    workflow: { w: 'Succeeded' },
    nodes: {
      'w[0].s': 'Steps Succeeded',
      'w[0].d': 'DAG Succeeded',
      'w[0].p': 'Suspend Succeeded',
    },
  },
  {
    name: 'a step that `when` leaves out takes no lock',
    workflows: {
      w: side([step('a', 'one', { when: 'a == b' }), step('b', 'one')], locked('one')),
    },
    says: ["w[0].a: when 'a == b' evaluated false"],
    workflow: { w: 'Succeeded' },
  },
  {
    name: 'a node that waits holds no place of the workflow’s parallelism',
    workflows: {
      w: {
        ...side([step('a', 'one'), step('b', 'one'), step('c', 'free')], locked('one'), {
          name: 'free',
          container,
        }),
        parallelism: 2,
      },
    },
    atOnce: 2,
    order: ['w[0].a', 'w[0].c', 'w[0].b'],
    workflow: { w: 'Succeeded' },
  },
  {
    name: 'one step after the other hands the lock on without waiting',
    workflows: {
      w: {
        entrypoint: 'main',
        templates: [
          { name: 'main', steps: [[step('a', 'one')], [step('b', 'one')]] },
          locked('one'),
        ],
      },
    },
    order: ['w[0].a', 'w[1].b'],
    says: [],
    workflow: { w: 'Succeeded' },
  },
  {
    name: 'exit handlers take locks of their own',
    workflows: {
      w: {
        entrypoint: 'one',
        onExit: 'one',
        templates: [locked('one')],
      },
    },
    order: ['w', 'w.onExit'],
    says: [],
    workflow: { w: 'Succeeded' },
  },
  {
    name: 'a node that waits longer than its timeout fails',
    workflows: {
      w: side(
        [step('a', 'one'), step('b', 'brief')],
        locked('one'),
        locked('brief', { timeout: '1s' }),
      ),
    },
    ends: { 'w[0].a': { never: true } },
    says: [`w[0].b: ${waitsForMutex}`, 'w[0].b: timeout'],
    nodes: { 'w[0].b': 'Pod Failed: timeout' },
  },
  {
    name: 'what waits when failFast strikes does not begin any more',
    workflows: {
      w: {
        entrypoint: 'main',
        templates: [
          {
            name: 'main',
            failFast: true,
            steps: [[step('bad', 'pod'), step('a', 'one'), step('b', 'one')]],
          },
          { name: 'pod', container },
          locked('one'),
        ],
      },
    },
    ends: { 'w[0].bad': 1 },
    order: ['w[0].bad', 'w[0].a'],
    workflow: { w: "Failed: child 'w[0].bad' failed" },
    nodes: { 'w[0].b': 'Pod Failed: template has failed or errored children and failFast enabled' },
  },
  {
    name: 'the same lock twice is an error',
    workflows: {
      w: side([step('a', 'one')], locked('one', { synchronization: mutexes('m', 'm') })),
    },
    nodes: {
      'w[0].a':
        'Skipped Error: requested configuration is invalid: duplicate synchronization item found',
    },
  },
  {
    name: 'a semaphore whose limit nobody knows is an error',
    workflows: {
      w: side([step('a', 'one')], locked('one', { synchronization: semaphores('none') })),
    },
    nodes: { 'w[0].a': `Skipped Error: ${noSuchLimit}` },
  },
  {
    name: 'a limit that is no number, or 0, is an error too',
    workflows: {
      v: side([step('a', 'one')], locked('one', { synchronization: semaphores('word') })),
      w: side([step('b', 'two')], locked('two', { synchronization: semaphores('zero') })),
    },
    limits: { word: 'many', zero: '0' },
    nodes: {
      'v[0].a': `Skipped Error: ${noSuchLimit.replace('none', 'word')}`,
      'w[0].b': `Skipped Error: ${noSuchLimit.replace('none', 'zero')}`,
    },
  },
  {
    name: 'the items of a loop share the lock of their template',
    workflows: {
      w: side([step('a', 'one', { withItems: ['x', 'y', 'z'] })], locked('one')),
    },
    atOnce: 1,
    order: ['w[0].a(0:x)', 'w[0].a(1:y)', 'w[0].a(2:z)'],
    workflow: { w: 'Succeeded' },
  },
]

const sync = mutexes('m')

const between: readonly LockCase[] = [
  {
    name: 'a workflow that waits for its lock is Pending and has not started',
    workflows: {
      first: alone({ synchronization: sync }),
      second: alone({ synchronization: sync }),
    },
    atOnce: 1,
    order: ['first', 'second'],
    says: [`second: ${waitsForMutex}`],
    workflow: { first: 'Succeeded', second: 'Succeeded' },
  },
  {
    name: 'the workflow with the higher priority goes first',
    workflows: {
      holder: alone({ synchronization: sync }),
      low: alone({ synchronization: sync, priority: 1 }),
      high: alone({ synchronization: sync, priority: 5 }),
    },
    order: ['holder', 'high', 'low'],
  },
  {
    name: 'a workflow keeps its lock until its exit handler is over',
    workflows: {
      first: alone({ synchronization: sync, onExit: 'pod' }),
      second: alone({ synchronization: sync }),
    },
    order: ['first', 'first.onExit', 'second'],
  },
  {
    name: 'a failed workflow gives its lock back',
    workflows: {
      first: alone({ synchronization: sync }),
      second: alone({ synchronization: sync }),
    },
    ends: { first: 1 },
    workflow: { first: 'Failed: main: Error (exit code 1)', second: 'Succeeded' },
  },
  {
    name: 'nodes of two workflows share a mutex',
    workflows: {
      v: side([step('a', 'one')], locked('one')),
      w: side([step('a', 'one'), step('free', 'pod')], locked('one'), { name: 'pod', container }),
    },
    says: [`w[0].a: ${waitsForMutex}`],
    order: ['v[0].a', 'w[0].free', 'w[0].a'],
    workflow: { v: 'Succeeded', w: 'Succeeded' },
  },
  {
    name: 'an older workflow goes on with its next step before a younger one gets the lock',
    workflows: {
      old: {
        entrypoint: 'main',
        templates: [
          { name: 'main', steps: [[step('a', 'one')], [step('b', 'one')]] },
          locked('one'),
        ],
      },
      young: { entrypoint: 'one', templates: [locked('one')] },
    },
    order: ['old[0].a', 'old[1].b', 'young'],
  },
  {
    name: 'what comes after a retried task that never got its lock goes on',
    workflows: {
      old: alone({ synchronization: sync }),
      w: {
        entrypoint: 'main',
        templates: [
          {
            name: 'main',
            dag: {
              tasks: [
                { name: 'a', template: 'brief' },
                { name: 'b', template: 'pod', depends: 'a.Failed' },
              ],
            },
          },
          locked('brief', { timeout: '1s', retryStrategy: { limit: 1 } }),
          { name: 'pod', container },
        ],
      },
    },
    ends: { old: { never: true } },
    nodes: { 'w.a': 'Retry Failed: timeout', 'w.b': 'Pod Succeeded' },
    workflow: { w: 'Succeeded' },
  },
  {
    name: 'whoever stands behind one that waits for more waits too',
    workflows: {
      a: alone({ synchronization: mutexes('x') }),
      b: alone({ synchronization: mutexes('x', 'y') }),
      c: alone({ synchronization: mutexes('y') }),
    },
    says: [
      'b: Waiting for default/Mutex/x lock. Lock status: 0/1',
      'c: Waiting for default/Mutex/y lock. Lock status: 1/1',
    ],
    order: ['a', 'b', 'c'],
  },
  {
    name: 'a workflow whose semaphore has no limit fails',
    workflows: { w: alone({ synchronization: semaphores('none') }) },
    workflow: { w: `Failed: Failed to acquire the synchronization lock. ${noSuchLimit}` },
  },
  {
    name: 'a workflow that asks for one lock twice fails',
    workflows: { w: alone({ synchronization: mutexes('m', 'm') }) },
    workflow: {
      w: 'Failed: Failed to acquire the synchronization lock. requested configuration is invalid: duplicate synchronization item found',
    },
  },
  {
    name: 'a semaphore of a workflow lets as many run as it says',
    workflows: Object.fromEntries(
      ['a', 'b', 'c', 'd'].map((name) => [name, alone({ synchronization: semaphores('two') })]),
    ),
    limits: { two: '2' },
    atOnce: 2,
    says: ['c', 'd'].map(
      (name) => `${name}: Waiting for default/ConfigMap/limits/two lock. Lock status: 0/2`,
    ),
  },
]

export const lockCases: readonly LockCase[] = [...withinOne, ...between]
