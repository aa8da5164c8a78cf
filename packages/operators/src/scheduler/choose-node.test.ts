import type { Pod } from '@argosy/engine'
import type { Taint } from '@argosy/kube/placement'
import { describe, expect, it } from 'vitest'
import type { Candidate } from './candidate.ts'
import { chooseNode } from './choose-node.ts'
import { node, podThat, scene } from './scene.fixture.ts'

const cordoned = { standing: { isCordoned: true, taints: [] } }
const tainted = (...taints: Taint[]) => ({ standing: { isCordoned: false, taints } })
const gpu: Taint = { key: 'gpu', value: 'yes', effect: 'NoSchedule' }
const noMatch = "node(s) didn't match Pod's node affinity/selector"

const choose = (pod: Pod, nodes: readonly Candidate[]) => chooseNode(pod, scene(nodes))

describe('a pod that asks for nothing gets', () => {
  it.each([
    { it: 'the one there is', nodes: [node('a')], want: { node: 'a' } },
    {
      it: 'the one with the fewest pods',
      nodes: [node('a', { pods: 3 }), node('b', { pods: 2 })],
      want: { node: 'b' },
    },
    {
      it: 'not one that is not heard of, cordoned, tainted or full',
      nodes: [
        node('a', { isReady: false }),
        node('b', cordoned),
        node('c', { pods: 110 }),
        node('e', tainted(gpu)),
        node('d', { pods: 109 }),
      ],
      want: { node: 'd' },
    },
    {
      it: 'the one that would rather have others only when there is no other',
      nodes: [node('a', tainted({ key: 'k', effect: 'PreferNoSchedule' })), node('b', { pods: 9 })],
      want: { node: 'b' },
    },
    {
      it: 'a word when nobody is there',
      nodes: [],
      want: { message: 'no nodes available to schedule pods' },
    },
    {
      it: 'a word of why nobody can',
      nodes: [
        node('a', { isReady: false }),
        node('b', { isReady: false }),
        node('c', { room: 0 }),
        node('d', cordoned),
        node('e', tainted(gpu)),
      ],
      want: {
        message:
          '0/5 nodes are available: 1 Too many pods, 1 node(s) had untolerated taint {gpu: yes}, ' +
          '1 node(s) were unschedulable, 2 node(s) had untolerated taint {node.kubernetes.io/unreachable: }.',
      },
    },
  ])('$it', ({ nodes, want }) => {
    expect(choose(podThat(), nodes)).toEqual(want)
  })
})

describe('what a pod asks a node to be', () => {
  const nodes = [
    node('a', { labels: { disk: 'ssd', cpus: '4' } }),
    node('b', { labels: { disk: 'hdd', cpus: '16' }, pods: 1 }),
    node('c', { labels: { cpus: 'many' }, pods: 2 }),
  ]
  const requiring = (...nodeSelectorTerms: object[]) => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
      },
    },
  })
  const expression = (key: string, operator: string, ...values: string[]) =>
    requiring({ matchExpressions: [{ key, operator, values }] })

  it.each<[string, object, string | undefined]>([
    ['a label', { nodeSelector: { disk: 'hdd' } }, 'b'],
    ['two labels', { nodeSelector: { disk: 'hdd', cpus: '4' } }, undefined],
    ['one of some values', expression('disk', 'In', 'hdd', 'tape'), 'b'],
    ['none of some values', expression('disk', 'NotIn', 'ssd', 'hdd'), 'c'],
    ['to have a label', expression('disk', 'Exists'), 'a'],
    ['to lack a label', expression('disk', 'DoesNotExist'), 'c'],
    ['more than', expression('cpus', 'Gt', '9'), 'b'],
    ['less than', expression('cpus', 'Lt', '9'), 'a'],
    ['what nobody knows', expression('disk', 'Like', 'ssd'), undefined],
    [
      'its name',
      requiring({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['c'] }] }),
      'c',
    ],
    [
      'all of one term',
      requiring({
        matchExpressions: [
          { key: 'disk', operator: 'Exists' },
          { key: 'disk', operator: 'NotIn', values: ['ssd'] },
        ],
      }),
      'b',
    ],
    [
      'one of several terms',
      requiring(
        { matchExpressions: [{ key: 'disk', operator: 'In', values: ['tape'] }] },
        { matchExpressions: [{ key: 'cpus', operator: 'In', values: ['many'] }] },
      ),
      'c',
    ],
    ['an empty term, which no node is', requiring({}), undefined],
    [
      'both its selector and a term',
      { ...expression('cpus', 'Exists'), nodeSelector: { disk: 'hdd' } },
      'b',
    ],
  ])('%s', (_, spec, wanted) => {
    expect(choose(podThat(spec), nodes)).toEqual(
      wanted === undefined
        ? { message: `0/3 nodes are available: 3 ${noMatch}.` }
        : { node: wanted },
    )
  })
})

describe('what a pod would like', () => {
  const liking = (...terms: [number, string, string][]) => ({
    affinity: {
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: terms.map(([weight, key, value]) => ({
          weight,
          preference: { matchExpressions: [{ key, operator: 'In', values: [value] }] },
        })),
      },
    },
  })

  it('outweighs how many pods are there', () => {
    const nodes = [node('a'), node('b', { pods: 50, labels: { disk: 'ssd' } })]
    expect(choose(podThat(liking([1, 'disk', 'ssd'])), nodes)).toEqual({ node: 'b' })
  })

  it('is weighed by its weights', () => {
    const nodes = [
      node('a', { labels: { disk: 'ssd' } }),
      node('b', { labels: { zone: 'x', net: 'fast' } }),
    ]
    const pod = podThat(liking([50, 'disk', 'ssd'], [30, 'zone', 'x'], [30, 'net', 'fast']))
    expect(choose(pod, nodes)).toEqual({ node: 'b' })
  })

  it('is nothing against what it needs', () => {
    const nodes = [node('a'), node('b', { room: 0, labels: { disk: 'ssd' } })]
    expect(choose(podThat(liking([100, 'disk', 'ssd'])), nodes)).toEqual({ node: 'a' })
  })

  it('is nothing where nobody is: any node will do', () => {
    expect(choose(podThat(liking([1, 'disk', 'ssd'])), [node('a')])).toEqual({ node: 'a' })
  })

  it('a node that would rather have others is weighed heavier than what the pod likes of it', () => {
    const soft = { key: 'k', effect: 'PreferNoSchedule' } as const
    const nodes = [node('a', { ...tainted(soft), labels: { disk: 'ssd' } }), node('b')]
    expect(choose(podThat(liking([100, 'disk', 'ssd'])), nodes)).toEqual({ node: 'b' })
    const tolerations = [{ key: 'k', operator: 'Exists' }]
    const pod = podThat({ ...liking([100, 'disk', 'ssd']), tolerations })
    expect(choose(pod, nodes)).toEqual({ node: 'a' })
  })
})

it('who tolerates a taint is not drawn to it', () => {
  const pod = podThat({ tolerations: [{ key: 'gpu', operator: 'Exists' }] })
  expect(choose(pod, [node('a', { ...tainted(gpu), pods: 5 }), node('b', { pods: 6 })])).toEqual({
    node: 'a',
  })
  expect(choose(pod, [node('a', { ...tainted(gpu), pods: 7 }), node('b', { pods: 6 })])).toEqual({
    node: 'b',
  })
})

describe('a pod with files of a claim', () => {
  const volume = (claimName: string) => ({ name: claimName, persistentVolumeClaim: { claimName } })
  const pod = (...claims: string[]) => podThat({ volumes: claims.map(volume) })
  const nodes = [node('a'), node('b', { pods: 9 })]
  const conflict = '0/2 nodes are available: 2 node(s) had volume node affinity conflict.'

  it('goes where they are, and anywhere while that is open', () => {
    const homes = { 'n/data': 'b', 'other/more': 'a' }
    expect(chooseNode(pod('data'), scene(nodes, [], homes))).toEqual({ node: 'b' })
    expect(chooseNode(pod('more'), scene(nodes, [], homes))).toEqual({ node: 'a' })
  })

  it('goes nowhere when they are in two places, or on a node that is gone', () => {
    const homes = { 'n/data': 'b', 'n/more': 'a', 'n/lost': 'c' }
    expect(chooseNode(pod('data', 'more'), scene(nodes, [], homes))).toEqual({ message: conflict })
    expect(chooseNode(pod('lost'), scene(nodes, [], homes))).toEqual({ message: conflict })
  })
})

it('what a pod needs is looked for where there is as much, and what is short is named', () => {
  const container = (requests: object) => ({ name: 'm', resources: { requests } })
  const pod = podThat({ containers: [container({ cpu: '1500m', memory: '1Gi' })] })
  const small = node('a', { free: { cpu: 1000, memory: 2 ** 30 * 1000 } })
  const big = node('b', { free: { cpu: 2000, memory: 2 ** 31 * 1000 }, pods: 9 })
  expect(choose(pod, [small, big])).toEqual({ node: 'b' })
  expect(choose(pod, [small, node('c', { free: {} })])).toEqual({
    message: '0/2 nodes are available: 1 Insufficient memory, 2 Insufficient cpu.',
  })
})
