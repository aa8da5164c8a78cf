import { describe, expect, test } from 'vitest'
import { type PortedService, serviceTargets } from './service-targets.ts'
import { needsOwnDoors, wantedDoors } from './wanted-doors.ts'

const service = (spec: object) =>
  ({
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'default' } },
    spec: { clusterIP: '127.250.0.9', ports: [{ port: 80 }], ...spec },
  }) as PortedService
const at = (port: number, name = '') => new Map([[name, [{ ip: '127.10.0.1', port }]]])
const here = { nodeHosts: ['127.0.0.1', '192.0.2.1'] }
const doors = (spec: object, targets = at(80), places: Parameters<typeof wantedDoors>[2] = here) =>
  wantedDoors(service(spec), targets, places).map(
    ({ protocol, host, port }) => `${protocol} ${host}:${port}`,
  )

describe('the doors of a service', () => {
  const nodePort = [{ port: 80, nodePort: 30_080 }]
  const udp = [{ port: 53, nodePort: 30_053, protocol: 'UDP' }]
  const sctp = [{ port: 80, nodePort: 30_080, protocol: 'SCTP' }]
  const nodes = ['TCP 127.0.0.1:30080', 'TCP 192.0.2.1:30080']

  test.each([
    ['none where pods answer at the same port', {}, []],
    ['those of node ports', { type: 'NodePort', ports: nodePort }, nodes],
    [
      'of datagrams too',
      { ports: udp, clusterIP: 'None' },
      ['UDP 127.0.0.1:30053', 'UDP 192.0.2.1:30053'],
    ],
    ['of nothing else', { ports: sctp }, []],
    ['none of names elsewhere', { type: 'ExternalName', ports: nodePort }, []],
    [
      'its own for a balancer',
      { type: 'LoadBalancer', ports: nodePort },
      [...nodes, 'TCP 127.250.0.9:80'],
    ],
    [
      'not for somebody else’s balancer',
      { type: 'LoadBalancer', ports: nodePort, loadBalancerClass: 'x/y' },
      nodes,
    ],
    ['none of a headless one', { clusterIP: 'None' }, []],
    ['none at an address that is not ours', { clusterIP: '10.0.0.1', type: 'LoadBalancer' }, []],
  ])('%s', (_, spec, want) => {
    expect(doors(spec)).toEqual(want)
  })

  test('its own where pods answer at another port, and none before they are ready', () => {
    expect(doors({}, at(8080))).toEqual(['TCP 127.250.0.9:80'])
    expect(doors({}, new Map())).toEqual([])
    expect(needsOwnDoors(service({}).spec ?? {}, new Map())).toBeUndefined()
    expect(needsOwnDoors(service({}).spec ?? {}, at(80))).toBe(false)
  })

  test('where services have no addresses of their own, balancers share one', () => {
    const places = { nodeHosts: [], ownHost: '127.0.0.1' }
    expect(doors({ type: 'LoadBalancer' }, at(80), places)).toEqual(['TCP 127.0.0.1:80'])
    expect(doors({}, at(8080), places)).toEqual([])
  })

  test('of two ports, one that pods may answer at themselves', () => {
    const ports = [
      { name: 'a', port: 80 },
      { name: 'b', port: 9000 },
    ]
    const targets = new Map([...at(8080, 'a'), ...at(9000, 'b')])
    const found = wantedDoors(service({ ports }), targets, here)
    expect(found.map(({ port, mayBeServed }) => [port, mayBeServed])).toEqual([
      [80, false],
      [9000, true],
    ])
  })
})

test('targets are the ready pods of both kinds of lists, each once', () => {
  const metadata = { name: 'web', namespace: 'default' }
  const endpoints = {
    ...{ apiVersion: 'v1', kind: 'Endpoints', metadata },
    subsets: [{ addresses: [{ ip: '127.10.0.1' }], ports: [{ port: 80 }] }],
  }
  const slice = {
    ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata },
    endpoints: [
      { addresses: ['127.10.0.1'] },
      { addresses: ['127.10.0.2'], conditions: { ready: true } },
      { addresses: ['127.10.0.3'], conditions: { ready: false } },
    ],
    ports: [{ name: '', port: 80 }],
  }
  const found = serviceTargets([endpoints], [slice]).get('')
  expect(found?.map(({ ip }) => ip)).toEqual(['127.10.0.1', '127.10.0.2'])
})
