import { describe, expect, it } from 'vitest'
import { nodeObject, nodeStatus } from './node-object.ts'

const facts = {
  name: 'here',
  addresses: ['10.0.0.7'],
  cpus: 4,
  memoryBytes: 8 * 1024 ** 3,
  pods: 110,
  os: 'linux',
  arch: 'amd64',
  kernel: '6.1',
  osImage: 'Linux',
  machineId: 'm',
  bootId: 'b',
  version: 'v1.33.0',
  runtime: 'argosy://1',
}
const now = Date.UTC(2026, 0, 1)

describe('the Node of this machine', () => {
  it('has the labels that selectors ask for', () => {
    expect(nodeObject(facts).metadata.labels).toMatchObject({
      'kubernetes.io/hostname': 'here',
      'kubernetes.io/os': 'linux',
      'kubernetes.io/arch': 'amd64',
    })
  })

  it('says what there is, and where', () => {
    const { capacity, addresses } = nodeStatus(facts, undefined, now)
    expect(capacity).toEqual({ cpu: '4', memory: '8388608Ki', pods: '110' })
    expect(addresses).toEqual([
      { type: 'InternalIP', address: '10.0.0.7' },
      { type: 'Hostname', address: 'here' },
    ])
  })

  it('is ready since it first was', () => {
    const first = nodeStatus(facts, undefined, now)
    const later = nodeStatus(facts, { conditions: first.conditions } as never, now + 60_000)
    expect(later.conditions.at(-1)).toMatchObject({
      type: 'Ready',
      status: 'True',
      lastTransitionTime: '2026-01-01T00:00:00Z',
      lastHeartbeatTime: '2026-01-01T00:01:00Z',
    })
  })
})
