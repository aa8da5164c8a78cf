import { expect, test } from 'vitest'
import type { JsonObject } from '../spec/json.ts'
import type { Workflow } from '../spec/workflow.ts'
import { avoiding } from './avoid-hosts.ts'
import { Play } from './testing/play.ts'
import { Stage } from './testing/stage.ts'

const notIn = (...values: string[]) => ({
  key: 'kubernetes.io/hostname',
  operator: 'NotIn',
  values,
})
const zone = { key: 'zone', operator: 'In', values: ['z'] }
const required = (...terms: JsonObject[]) => ({
  nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
})

test.each<[string, JsonObject | undefined, readonly string[], JsonObject | undefined]>([
  ['nothing stays nothing', undefined, [], undefined],
  ['a term is made', undefined, ['a', 'b'], required({ matchExpressions: [notIn('a', 'b')] })],
  [
    'others stay',
    { podAffinity: {} },
    ['a'],
    { podAffinity: {}, ...required({ matchExpressions: [notIn('a')] }) },
  ],
  [
    'the first term gets it',
    required({ matchExpressions: [zone] }),
    ['a'],
    required({ matchExpressions: [zone, notIn('a')] }),
  ],
  [
    'an empty term gets it',
    required({ matchExpressions: [zone] }, {}),
    ['a'],
    required({ matchExpressions: [zone] }, { matchExpressions: [notIn('a')] }),
  ],
  [
    'such an expression is added to',
    required({ matchExpressions: [notIn('a'), zone] }),
    ['a', 'b'],
    required({ matchExpressions: [notIn('a', 'b'), zone] }),
  ],
])('an affinity that keeps off machines: %s', (_, affinity, hosts, want) => {
  expect(avoiding(affinity, hosts)).toEqual(want)
})

const container = { name: 'main', image: 'i', command: ['c'] }

function workflowOf(spec: Workflow['spec']): Workflow {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name: 'w' }, spec }
}

/** The affinities of all pods that were made, the machine being `m` for all. */
function affinities(spec: Workflow['spec']) {
  const play = new Play(workflowOf(spec), {
    outcome: ({ name }) => ({ exitCode: name.endsWith('(0)') || name.includes('(0)[') ? 1 : 0 }),
  })
  play.pass()
  while (!play.done && play.step()) {
    for (const pod of play.pods.values()) {
      if (pod.status?.phase === 'Running' && !pod.spec.nodeName) {
        play.tell({ ...pod, spec: { ...pod.spec, nodeName: 'm' } })
      }
    }
    play.pass()
  }
  return play.decisions.flatMap(({ create }) => create).map(({ spec: { affinity } }) => affinity)
}

const strategy = { limit: '1', affinity: { nodeAntiAffinity: {} } }

test('the next attempt keeps off the machine of the failed one', () => {
  const spec = { entrypoint: 'a', templates: [{ name: 'a', container, retryStrategy: strategy }] }
  expect(affinities(spec)).toEqual([undefined, required({ matchExpressions: [notIn('m')] })])
})

test('without nodeAntiAffinity it runs anywhere', () => {
  const spec = {
    entrypoint: 'a',
    templates: [{ name: 'a', container, retryStrategy: { limit: '1' } }],
  }
  expect(affinities(spec)).toEqual([undefined, undefined])
})

test('the pods of a group that is retried keep off too', () => {
  const steps = [[{ name: 's', template: 'a' }]]
  const templates = [
    { name: 'a', container },
    { name: 'main', steps, retryStrategy: strategy },
  ]
  expect(affinities({ entrypoint: 'main', templates })).toEqual([
    undefined,
    required({ matchExpressions: [notIn('m')] }),
  ])
})

test('attempts wait for a place of parallelism like other pods', () => {
  const again = {
    name: 'again',
    container,
    retryStrategy: { limit: '1', backoff: { duration: '1' } },
  }
  const steps = [['a', 'b', 'c', 'd'].map((name) => ({ name, template: 'again' }))]
  const spec = { entrypoint: 'main', parallelism: 2, templates: [again, { name: 'main', steps }] }
  let most = 0
  const stage = new Stage(workflowOf(spec), {
    pick: () => 0,
    outcome: (name) => ({ exitCode: name.endsWith('(0)') ? 1 : 0 }),
    watch: ({ pods }) => {
      const open = pods.filter(({ status }) => ['Pending', 'Running'].includes(status?.phase ?? ''))
      most = Math.max(most, open.length)
    },
  }).play()
  expect({ most, phase: stage.workflow.status?.phase }).toEqual({ most: 2, phase: 'Succeeded' })
  expect(stage.created.length).toBe(8)
})
