import { serviceAddresses } from '@argosy/kube'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostLines, textOfLines } from './host-lines.ts'
import { hostsText, withServices } from './hosts-text.ts'

const service = (name: string, clusterIP: string, namespace = 'default') => ({
  ...{ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { clusterIP } },
})
const slice = (of: string, endpoints: object[]) => ({
  ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', endpoints: endpoints as never },
  metadata: { name: `${of}-1`, namespace: 'default', labels: { 'kubernetes.io/service-name': of } },
})
const none = { endpoints: [], slices: [] }

describe('where services answer', () => {
  const of = (...known: Parameters<typeof serviceAddresses>) =>
    serviceAddresses(...known).map(({ addresses }) => addresses)

  test.each([
    ['at their own address', '127.250.0.2', [], ['127.250.0.2']],
    ['at pods that are ready', '127.250.0.2', [{ addresses: ['127.10.0.1'] }], ['127.10.0.1']],
    [
      'not at pods that are not',
      '127.250.0.2',
      [{ addresses: ['127.10.0.1'], conditions: { ready: false } }],
      ['127.250.0.2'],
    ],
    ['nowhere, when they have neither', 'None', [], []],
    [
      'at all pods',
      'None',
      [{ addresses: ['127.10.0.1', '127.10.0.2'], conditions: { ready: true } }],
      ['127.10.0.1', '127.10.0.2'],
    ],
  ])('%s', (_, clusterIP, endpoints, want) => {
    const services = [service('db', clusterIP)]
    expect(of({ ...none, services, slices: [slice('db', endpoints)] })).toEqual([want])
  })

  test('lists of both kinds that name the same pod name it once', () => {
    const ip = '127.10.0.1'
    const endpoints = {
      ...{ apiVersion: 'v1', kind: 'Endpoints', subsets: [{ addresses: [{ ip }] }] },
      metadata: { name: 'db', namespace: 'default' },
    }
    const slices = [slice('db', [{ addresses: [ip] }])]
    expect(of({ services: [service('db', 'None')], endpoints: [endpoints], slices })).toEqual([
      [ip],
    ])
  })
})

test('a service has its short name in its own namespace only, and its pods have names below it', () => {
  const ip = '127.10.0.1'
  const hosts = [{ ip, hostname: 'db-0' }]
  const about = { namespace: 'a', name: 'db', ports: [], isHeadless: true }
  const one = { ...about, addresses: [ip], hosts }
  const names = (namespace: string) => hostLines([one], namespace).map((line) => line.names)
  expect(names('a')).toEqual([
    ['db-0.db.a.svc.cluster.local', 'db-0.db.a.svc', 'db-0.db.a', 'db-0.db'],
    ['db.a.svc.cluster.local', 'db.a.svc', 'db.a', 'db'],
  ])
  expect(names('b')).toEqual([
    ['db-0.db.a.svc.cluster.local', 'db-0.db.a.svc', 'db-0.db.a'],
    ['db.a.svc.cluster.local', 'db.a.svc', 'db.a'],
  ])
})

test('a service that is another name leads where that name does, as far as services are meant', () => {
  const of = (name: string, more: object) => ({
    ...{ namespace: 'a', name, ports: [], isHeadless: false, addresses: [], hosts: [], ...more },
  })
  const services = [
    of('db', { addresses: ['127.10.0.1'] }),
    of('same', { externalName: 'db.a.svc.cluster.local' }),
    of('again', { externalName: 'same.a' }),
    of('fixed', { externalName: '192.0.2.1' }),
    of('loop', { externalName: 'loop.a.svc' }),
    of('out', { externalName: 'db.example.com' }),
  ]
  const found = hostLines(services, 'b').map(({ ip, names }) => [names.at(-1), ip])
  expect(found).toEqual([
    ['db.a', '127.10.0.1'],
    ['same.a', '127.10.0.1'],
    ['again.a', '127.10.0.1'],
    ['fixed.a', '192.0.2.1'],
  ])
})

describe('the text of a hosts file', () => {
  const parts = { above: '127.0.0.1\tlocalhost', own: [], aliases: undefined, services: '' }

  test.each([
    ['127.0.0.1\tlocalhost', '127.0.0.1\tlocalhost\n'],
    ['', ''],
  ])('aliases stand below the names of the machine (%j) and of the pod', (above, first) => {
    const aliases = [
      { ip: '10.0.0.1', hostnames: ['one.example', 'one'] },
      { ip: '10.0.0.2', hostnames: ['two'] },
    ]
    const own = [{ ip: '127.10.0.1', names: ['p'] }]
    const text = hostsText({ ...parts, above, own, aliases })
    const added = '# Entries added by HostAliases.\n10.0.0.1\tone.example\tone\n10.0.0.2\ttwo\n'
    expect(text.startsWith(`${first}127.10.0.1\tp\n\n${added}# Services`)).toBe(true)
  })

  const lines = fc
    .array(
      fc.record({
        ip: fc.ipV4(),
        names: fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1, maxLength: 3 }),
      }),
      { maxLength: 5 },
    )
    .map(textOfLines)

  test('follows the services, is never shorter, and keeps what somebody has written into it', () => {
    fc.assert(
      fc.property(lines, lines, fc.stringMatching(/^[a-z]{0,9}$/), (before, after, written) => {
        const text = `${hostsText({ ...parts, services: before })}9.9.9.9\t${written}\n`
        const next = withServices(text, after) ?? text
        expect(next.length).toBeGreaterThanOrEqual(text.length)
        const fresh = `${hostsText({ ...parts, services: after })}9.9.9.9\t${written}\n`
        expect(next.trimEnd()).toBe(fresh.trimEnd())
        expect(withServices(next, after)).toBeUndefined()
      }),
    )
  })

  test('is left alone when somebody has made another one of it', () => {
    expect(withServices('127.0.0.1 localhost\n', '1.1.1.1\tx\n')).toBeUndefined()
  })
})
