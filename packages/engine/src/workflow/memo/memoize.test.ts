import { describe, expect, test } from 'vitest'
import type { Memoize } from '../../spec/synchronization.ts'
import type { Template, Workflow, WorkflowSpec } from '../../spec/workflow.ts'
import { nodeId } from '../names.ts'
import { type Outcome, Play } from '../testing/play.ts'
import type { CacheMap } from './cache-entry.ts'

const container = { name: 'main', image: 'i', command: ['c'] }
const memoize: Memoize = { key: 'k', cache: { configMap: { name: 'c' } } }
const outputs = { parameters: [{ name: 'v', valueFrom: { path: '/v' } }] }
const gives: Template = { name: 'gives', container, outputs, memoize }
const typed = { 'workflows.argoproj.io/configmap-type': 'Cache' }
const known = { parameters: [{ name: 'v', value: 'old' }] }
const entry = (more: object = {}) =>
  JSON.stringify({
    nodeID: 'other-1',
    outputs: known,
    creationTimestamp: '2025-12-31T23:59:00Z',
    lastHitTimestamp: '2025-12-31T23:59:00Z',
    ...more,
  })

interface Case {
  readonly name: string
  /** Without a name: in addition to a container that gives `v`. */
  readonly template?: Partial<Template>
  readonly spec?: Partial<WorkflowSpec>
  readonly cache?: CacheMap
  readonly end?: Outcome
  /** Nodes and what becomes of them: `Type Phase`, ` hit` or ` miss`, then `: message`. */
  readonly nodes: Readonly<Record<string, string>>
  /** The value of `v` that the workflow's node gives. */
  readonly gives?: string
  readonly pods: number
  /** What is in the cache in the end, without times. */
  readonly kept?: Readonly<Record<string, unknown>>
}

const fresh = { parameters: [{ name: 'v', value: 'new' }] }
const gave: Outcome = { exitCode: 0, outputs: fresh }
const own = { nodeID: 'w', outputs: fresh }
const old = { nodeID: 'other-1', outputs: known }
const steps: Template = {
  name: 'gives',
  memoize,
  steps: [[{ name: 'a', template: 'leaf' }]],
  outputs: {
    parameters: [{ name: 'v', valueFrom: { parameter: '{{steps.a.outputs.parameters.v}}' } }],
  },
}
const dag: Template = {
  name: 'gives',
  memoize,
  dag: { tasks: [{ name: 'a', template: 'leaf' }] },
  outputs: {
    parameters: [{ name: 'v', valueFrom: { parameter: '{{tasks.a.outputs.parameters.v}}' } }],
  },
}
const leaf: Template = { name: 'leaf', container, outputs }
const label = 'workflows.argoproj.io/configmap-type'

const cases: readonly Case[] = [
  {
    name: 'nothing is known: the step runs, and its outputs are kept',
    end: gave,
    nodes: { '': 'Pod Succeeded miss' },
    gives: 'new',
    pods: 1,
    kept: { k: own },
  },
  {
    name: 'a known key: nothing runs',
    cache: { labels: typed, data: { k: entry() } },
    nodes: { '': 'Pod Succeeded hit' },
    gives: 'old',
    pods: 0,
    kept: { k: old },
  },
  {
    name: 'an empty entry is none',
    cache: { labels: typed, data: { k: '' } },
    end: gave,
    nodes: { '': 'Pod Succeeded miss' },
    gives: 'new',
    pods: 1,
    kept: { k: own },
  },
  {
    name: 'an entry without a node is no hit',
    cache: { labels: typed, data: { k: entry({ nodeID: '' }) } },
    end: gave,
    nodes: { '': 'Pod Succeeded miss' },
    pods: 1,
    kept: { k: own },
  },
  {
    name: 'an entry that is younger than maxAge counts',
    template: { memoize: { ...memoize, maxAge: '60s' } },
    cache: { labels: typed, data: { k: entry() } },
    nodes: { '': 'Pod Succeeded hit' },
    pods: 0,
  },
  {
    name: 'an entry that is older than maxAge counts as none and is replaced',
    template: { memoize: { ...memoize, maxAge: '59s' } },
    cache: { labels: typed, data: { k: entry() } },
    end: gave,
    nodes: { '': 'Pod Succeeded miss' },
    gives: 'new',
    pods: 1,
    kept: { k: own },
  },
  {
    name: 'a step that fails is not kept',
    end: { exitCode: 1, outputs: fresh },
    nodes: { '': 'Pod Failed miss: main: Error (exit code 1)' },
    pods: 1,
    kept: {},
  },
  {
    name: 'a key with other characters is an error',
    template: { memoize: { ...memoize, key: 'a/b' } },
    nodes: { '': 'Skipped Error: invalid cache key: a/b' },
    pods: 0,
  },
  {
    name: 'a key may be called what all objects have',
    template: { memoize: { ...memoize, key: 'constructor' } },
    cache: { labels: { [label]: 'Cache' }, data: {} },
    nodes: { '': 'Pod Succeeded miss' },
    pods: 1,
  },
  {
    name: 'a ConfigMap without the label is not touched',
    cache: { data: {} },
    nodes: {
      '': `Skipped Error: memoization configmap doesn't have ${label} label, refusing to use it`,
    },
    pods: 0,
    kept: {},
  },
  {
    name: 'a ConfigMap of another type is not touched',
    cache: { labels: { [label]: 'Parameter' }, data: {} },
    nodes: {
      '': `Skipped Error: memoization configmap doesn't have label ${label} = Cache, refusing to use it`,
    },
    pods: 0,
    kept: {},
  },
  {
    name: 'an entry that is no JSON is an error',
    cache: { labels: typed, data: { k: 'x' } },
    nodes: {
      '': "Skipped Error: malformed cache entry: could not unmarshal JSON; unable to parse: invalid character 'x' looking for beginning of value",
    },
    pods: 0,
  },
  {
    name: 'a maxAge that is no duration is an error',
    template: { memoize: { ...memoize, maxAge: '10' } },
    nodes: { '': 'Skipped Error: invalid maxAge: time: missing unit in duration "10"' },
    pods: 0,
  },
  {
    name: 'a key may come from a parameter',
    template: {
      inputs: { parameters: [{ name: 'p', value: 'one' }] },
      memoize: { ...memoize, key: 'key-{{inputs.parameters.p}}' },
    },
    end: gave,
    nodes: { '': 'Pod Succeeded miss' },
    pods: 1,
    kept: { 'key-one': own },
  },
  {
    name: 'a steps template is kept as a whole',
    template: steps,
    spec: { templates: [leaf] },
    end: gave,
    nodes: {
      '': 'Steps Succeeded miss',
      '[0]': 'StepGroup Succeeded',
      '[0].a': 'Pod Succeeded',
    },
    gives: 'new',
    pods: 1,
    kept: { k: own },
  },
  {
    name: 'a known steps template is one node',
    template: steps,
    spec: { templates: [leaf] },
    cache: { labels: typed, data: { k: entry() } },
    nodes: { '': 'Steps Succeeded hit' },
    gives: 'old',
    pods: 0,
  },
  {
    name: 'a dag template is kept as a whole',
    template: dag,
    spec: { templates: [leaf] },
    end: gave,
    nodes: { '': 'DAG Succeeded miss', '.a': 'Pod Succeeded' },
    pods: 1,
    kept: { k: own },
  },
  {
    name: 'a known dag template is one node',
    template: dag,
    spec: { templates: [leaf] },
    cache: { labels: typed, data: { k: entry() } },
    nodes: { '': 'DAG Succeeded hit' },
    gives: 'old',
    pods: 0,
  },
  {
    name: 'of a step that is retried the attempt that succeeds is kept',
    template: { retryStrategy: { limit: 1 } },
    end: gave,
    nodes: { '': 'Retry Succeeded miss', '(0)': 'Pod Succeeded miss' },
    gives: 'new',
    pods: 1,
    kept: { k: { ...own, nodeID: nodeId('w', 'w(0)') } },
  },
  {
    name: 'a known step that would be retried has no attempt',
    template: { retryStrategy: { limit: 1 } },
    cache: { labels: typed, data: { k: entry() } },
    nodes: { '': 'Retry Succeeded hit' },
    gives: 'old',
    pods: 0,
  },
  {
    name: 'the next step with the same key finds what the one before has given',
    template: {
      name: 'gives',
      steps: [[{ name: 'a', template: 'kept' }], [{ name: 'b', template: 'kept' }]],
    },
    spec: { templates: [{ ...leaf, name: 'kept', memoize }] },
    end: gave,
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a': 'Pod Succeeded miss',
      '[1]': 'StepGroup Succeeded',
      '[1].b': 'Pod Succeeded hit',
    },
    pods: 1,
  },
  {
    name: 'whoever waits for a lock looks again when he has it',
    template: {
      name: 'gives',
      steps: [
        [
          { name: 'a', template: 'kept' },
          { name: 'b', template: 'kept' },
        ],
      ],
    },
    spec: {
      templates: [
        { ...leaf, name: 'kept', memoize, synchronization: { mutexes: [{ name: 'm' }] } },
      ],
    },
    end: gave,
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a': 'Pod Succeeded miss',
      '[0].b': 'Pod Succeeded hit',
    },
    pods: 1,
  },
  {
    name: 'outputs that do not fit into a ConfigMap make the step an Error',
    cache: { labels: typed, data: { full: 'x'.repeat(1_048_500) } },
    end: gave,
    nodes: {
      '': 'Pod Error miss: error creating cache entry: ConfigMap "c" is invalid: []: Too long: may not be more than 1048576 bytes. Please check out this page for help: https://argo-workflows.readthedocs.io/en/latest/memoization/#faqs',
    },
    pods: 1,
  },
]

function workflowOf({ template, spec }: Case): Workflow {
  const first = template?.name === undefined ? { ...gives, ...template } : template
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name: 'w' },
    spec: {
      ...spec,
      entrypoint: 'gives',
      templates: [first, ...(spec?.templates ?? [])],
    },
  }
}

function told(play: Play): Readonly<Record<string, string>> {
  return Object.fromEntries(
    play.nodes.map(({ name, type, phase, message, memoizationStatus: memo }) => {
      const found = memo === undefined ? '' : memo.hit ? ' hit' : ' miss'
      const text = message === undefined ? '' : `: ${message}`
      return [name.slice(1), `${type} ${phase}${found}${text}`]
    }),
  )
}

function keptIn(caches: Readonly<Record<string, CacheMap>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(caches['c']?.data ?? {}).map(([key, text]) => {
      const { creationTimestamp: _, lastHitTimestamp: __, ...rest } = JSON.parse(text)
      delete rest.outputs?.exitCode
      return [key, rest]
    }),
  )
}

describe('memoized templates', () => {
  test.each(cases)('$name', (one) => {
    const caches: Record<string, CacheMap> = one.cache === undefined ? {} : { c: one.cache }
    const play = new Play(workflowOf(one), {
      caches,
      outcome: () => one.end ?? { exitCode: 0 },
    }).run()
    expect(told(play)).toEqual(one.nodes)
    expect(play.created.length).toBe(one.pods)
    if (one.kept !== undefined) expect(keptIn(caches)).toEqual(one.kept)
    if (one.gives !== undefined) {
      expect(play.node('w').outputs?.parameters?.map(({ value }) => value)).toEqual([one.gives])
    }
  })

  test('a hit says so in its status, and dates the entry', () => {
    const caches = { c: { labels: typed, data: { k: entry() } } }
    const play = new Play(workflowOf({} as Case), { caches }).run()
    expect(play.node('w')).toMatchObject({
      startedAt: '2026-01-01T00:00:00Z',
      finishedAt: '2026-01-01T00:00:00Z',
      memoizationStatus: { hit: true, key: 'k', cacheName: 'c' },
    })
    expect(JSON.parse(caches.c.data.k)).toEqual({
      nodeID: 'other-1',
      outputs: known,
      creationTimestamp: '2025-12-31T23:59:00Z',
      lastHitTimestamp: '2026-01-01T00:00:00Z',
    })
  })
})
