import type { JsonObject } from '@argosy/engine'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { openTestApi, type TestApi } from '../http/api.fixture.ts'
import { withNodePorts } from './node-ports.ts'

const nobody = { taken: new Set<string>(), seed: 'default/web' }
const portsOf = (spec: JsonObject) => spec['ports'] as readonly { readonly nodePort?: number }[]
const numbers = (spec: JsonObject) => portsOf(spec).map(({ nodePort }) => nodePort)

describe('the node ports of a Service', () => {
  const two = [{ port: 80 }, { port: 443 }]

  test.each(['NodePort', 'LoadBalancer'])('%s: each port has one, always the same', (type) => {
    const { spec } = withNodePorts({ type, ports: two }, undefined, nobody)
    const [a = 0, b = 0] = numbers(spec)
    expect(a).toBeGreaterThan(30_085)
    expect(b).toBeLessThan(32_768)
    expect(a).not.toBe(b)
    expect(withNodePorts({ type, ports: two }, undefined, nobody).spec).toEqual(spec)
    expect(withNodePorts(spec, undefined, nobody).spec).toBe(spec)
  })

  test.each([
    [{ type: 'ClusterIP', ports: two }],
    [{ type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: two }],
    [{ type: 'ExternalName' }],
  ])('%j: none', (spec) => {
    expect(withNodePorts(spec as JsonObject, undefined, nobody).spec).toBe(spec)
  })

  test.each([
    [{ nodePort: 80 }, 'provided port is not in the valid range'],
    [{ nodePort: 30_080 }, 'provided port is already allocated'],
    [{ nodePort: 30_080, protocol: 'UDP' }, undefined],
    [{ nodePort: 30_081 }, undefined],
  ])('%j: %s', (port, why) => {
    const spec = { type: 'NodePort', ports: [{ port: 80, ...port }] }
    const { flaws } = withNodePorts(spec, undefined, { ...nobody, taken: new Set(['TCP/30080']) })
    const want = { field: 'spec.ports[0].nodePort', message: expect.stringContaining(why ?? '') }
    expect(flaws).toEqual(why === undefined ? [] : [expect.objectContaining(want)])
  })

  test('a whole Service written anew keeps its address and its ports; another type gives them back', () => {
    const old = withNodePorts(
      { type: 'NodePort', ports: two, clusterIP: '127.250.0.2' },
      undefined,
      nobody,
    ).spec
    const again = withNodePorts({ type: 'NodePort', ports: two }, old, nobody).spec
    expect(again).toMatchObject({ ports: portsOf(old), clusterIP: '127.250.0.2' })
    const plain = withNodePorts({ ...old, type: 'ClusterIP' }, old, nobody).spec
    expect(numbers(plain)).toEqual([undefined, undefined])
    const chosen = { ...old, type: 'ClusterIP', ports: [{ port: 80, nodePort: 30_001 }] }
    expect(numbers(withNodePorts(chosen, old, nobody).spec)).toEqual([30_001])
  })

  test('nobody is given what somebody has', () => {
    const port = fc.integer({ min: 30_000, max: 32_767 })
    fc.assert(
      fc.property(fc.uniqueArray(port, { maxLength: 50 }), fc.string(), (used, seed) => {
        const taken = new Set(used.map((one) => `TCP/${one}`))
        const { spec, flaws } = withNodePorts({ type: 'NodePort', ports: two }, undefined, {
          taken,
          seed,
        })
        const [a = 0, b = 0] = numbers(spec)
        expect(flaws).toEqual([])
        expect(a === b || used.includes(a) || used.includes(b)).toBe(false)
      }),
    )
  })

  test('when all are taken, that is what is said', () => {
    const all = Array.from({ length: 2768 }, (_, index) => `TCP/${30_000 + index}`)
    const { flaws } = withNodePorts({ type: 'NodePort', ports: [{ port: 80 }] }, undefined, {
      ...nobody,
      taken: new Set(all),
    })
    expect(flaws[0]?.message).toContain('range is full')
  })
})

describe('over the API', () => {
  let api: TestApi
  beforeAll(async () => {
    api = await openTestApi()
  })
  afterAll(() => api[Symbol.asyncDispose]())

  const path = '/api/v1/namespaces/default/services'
  const body = (name: string, spec: object) => ({ metadata: { name }, spec })
  const make = (name: string, spec: object) =>
    api.ask(path, { method: 'POST', body: body(name, spec) })

  it('a Service has its node port at once, and nobody else can have it', async () => {
    const made = await make('a', { type: 'NodePort', ports: [{ port: 80 }] })
    expect(made.code).toBe(201)
    const [nodePort] = numbers(made.json['spec'] as JsonObject)
    const { code, json } = await make('b', { type: 'NodePort', ports: [{ port: 80, nodePort }] })
    expect([code, json['message']]).toEqual([
      422,
      `Service "b" is invalid: spec.ports[0].nodePort: Invalid value: ${nodePort}: provided port is already allocated`,
    ])
    const put = { ...body('a', { type: 'NodePort', ports: [{ port: 80 }] }) }
    const again = await api.ask(`${path}/a`, { method: 'PUT', body: put })
    expect(numbers(again.json['spec'] as JsonObject)).toEqual([nodePort])
    const patch = { body: { spec: { type: 'ClusterIP' } }, type: 'application/merge-patch+json' }
    const plain = await api.ask(`${path}/a`, { method: 'PATCH', ...patch })
    expect([plain.code, numbers(plain.json['spec'] as JsonObject)]).toEqual([200, [undefined]])
    const free = await make('c', { type: 'NodePort', ports: [{ port: 80, nodePort }] })
    expect(free.code).toBe(201)
  })
})
