import { describe, expect, it } from 'vitest'
import { chooseNode } from './choose-node.ts'
import { node, podThat, scene } from './scene.fixture.ts'

const zoned = (name: string, zone: string, pods = 0) => node(name, { labels: { zone }, pods })
const nodes = [zoned('a', 'x', 5), zoned('b', 'x', 6), zoned('c', 'y', 7)]
const term = (app: string, topologyKey = 'zone', more: object = {}) => ({
  ...{ topologyKey, labelSelector: { matchLabels: { app } } },
  ...more,
})
const asking = (sort: 'podAffinity' | 'podAntiAffinity', ...terms: object[]) => ({
  affinity: { [sort]: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
})
const labelled = (app: string, more: object = {}) => podThat({}, { labels: { app }, ...more })

describe('pods that want to be near others', () => {
  const web = { pod: labelled('web'), node: 'c' }

  it('go to their zone', () => {
    const pod = podThat(asking('podAffinity', term('web')))
    expect(chooseNode(pod, scene(nodes, [web]))).toEqual({ node: 'c' })
  })

  it('go nowhere when there is none', () => {
    const pod = podThat(asking('podAffinity', term('web')))
    expect(chooseNode(pod, scene(nodes))).toEqual({
      message: "0/3 nodes are available: 3 node(s) didn't match pod affinity rules.",
    })
  })

  it('may be the first of their own sort, but not where there are no zones', () => {
    const pod = podThat(asking('podAffinity', term('web')), { labels: { app: 'web' } })
    expect(chooseNode(pod, scene([node('z'), ...nodes]))).toEqual({ node: 'a' })
  })

  it('do not mean pods of other namespaces, unless they say so', () => {
    const other = { pod: labelled('web', { namespace: 'other' }), node: 'c' }
    const ask = (more: object) =>
      chooseNode(podThat(asking('podAffinity', term('web', 'zone', more))), scene(nodes, [other]))
    expect(ask({})).toHaveProperty('message')
    expect(ask({ namespaces: ['other'] })).toEqual({ node: 'c' })
    expect(ask({ namespaceSelector: {} })).toEqual({ node: 'c' })
  })

  it('say of what is not heeded that it is not', () => {
    const namespaceSelector = { matchLabels: { team: 'a' } }
    const pod = podThat(asking('podAffinity', term('web', 'zone', { namespaceSelector })))
    expect(chooseNode(pod, scene(nodes, [web]))).toEqual({
      message: 'spec.affinity.podAffinity: namespaceSelector is not supported: leave it out',
    })
  })
})

describe('pods that do not want to be near others', () => {
  const lonely = asking('podAntiAffinity', term('web'))

  it('go to another zone', () => {
    const placed = [{ pod: labelled('web'), node: 'a' }]
    expect(chooseNode(podThat(lonely), scene(nodes, placed))).toEqual({ node: 'c' })
  })

  it('go nowhere when all zones are taken', () => {
    const placed = ['a', 'c'].map((at) => ({ pod: labelled('web'), node: at }))
    expect(chooseNode(podThat(lonely), scene(nodes, placed))).toEqual({
      message: "0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules.",
    })
  })

  it('keep others away that ask for nothing', () => {
    const placed = [{ pod: podThat(lonely), node: 'a' }]
    expect(chooseNode(labelled('web'), scene(nodes, placed))).toEqual({ node: 'c' })
    expect(chooseNode(labelled('db'), scene(nodes, placed))).toEqual({ node: 'a' })
    expect(chooseNode(labelled('web'), scene(nodes.slice(0, 1), placed))).toEqual({
      message:
        "0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules.",
    })
  })
})

it('what is only liked is weighed: near to some, far from others', () => {
  const like = (sort: string, weight: number, app: string) => ({
    [sort]: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight, podAffinityTerm: term(app, 'kubernetes.io/hostname') },
      ],
    },
  })
  const placed = [
    { pod: labelled('web'), node: 'b' },
    { pod: labelled('db'), node: 'a' },
  ]
  const near = podThat({ affinity: like('podAffinity', 10, 'web') })
  expect(chooseNode(near, scene(nodes, placed))).toEqual({ node: 'b' })
  const far = podThat({ affinity: like('podAntiAffinity', 10, 'db') })
  expect(chooseNode(far, scene(nodes, placed))).toEqual({ node: 'b' })
})

describe('pods that are to lie evenly', () => {
  const spread = (more: object = {}) => ({
    topologySpreadConstraints: [
      {
        ...{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' },
        labelSelector: { matchLabels: { app: 'web' } },
        ...more,
      },
    ],
  })
  const web = (more: object = {}, spec: object = {}) =>
    podThat({ ...spread(more), ...spec }, { labels: { app: 'web', hash: 'new' } })
  const at = (...names: string[]) => names.map((name) => ({ pod: labelled('web'), node: name }))

  it('go where fewer are', () => {
    expect(chooseNode(web(), scene(nodes, at('a')))).toEqual({ node: 'c' })
  })

  it('may be as uneven as they say', () => {
    expect(chooseNode(web({ maxSkew: 2 }), scene(nodes, at('a')))).toEqual({ node: 'a' })
  })

  it('wait when the emptier zone has no room', () => {
    const full = [...nodes.slice(0, 2), { ...zoned('c', 'y'), room: 0 }]
    expect(chooseNode(web(), scene(full, at('a')))).toEqual({
      message:
        "0/3 nodes are available: 1 Too many pods, 2 node(s) didn't match pod topology spread constraints.",
    })
  })

  it('do not count zones that they cannot go to', () => {
    const pod = web({}, { nodeSelector: { zone: 'x' } })
    expect(chooseNode(pod, scene(nodes, at('a', 'a')))).toEqual({ node: 'a' })
    const ignoring = web({ nodeAffinityPolicy: 'Ignore' }, { nodeSelector: { zone: 'x' } })
    expect(chooseNode(ignoring, scene(nodes, at('a', 'a')))).toHaveProperty('message')
  })

  it('do not go where there is no zone', () => {
    expect(chooseNode(web(), scene([node('z')]))).toEqual({
      message:
        "0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints (missing required label).",
    })
  })

  it('count zones that should be there as empty', () => {
    expect(chooseNode(web({ minDomains: 3 }), scene(nodes, at('a', 'c')))).toHaveProperty('message')
  })

  it('count only their own revision when they say so', () => {
    expect(chooseNode(web({ matchLabelKeys: ['hash'] }), scene(nodes, at('a')))).toEqual({
      node: 'a',
    })
  })

  it('lie as evenly as they can when they need not', () => {
    const soft = { whenUnsatisfiable: 'ScheduleAnyway' }
    expect(chooseNode(web(soft), scene(nodes, at('a')))).toEqual({ node: 'c' })
    expect(chooseNode(web(soft), scene(nodes.slice(0, 2), at('a')))).toEqual({ node: 'a' })
  })
})
