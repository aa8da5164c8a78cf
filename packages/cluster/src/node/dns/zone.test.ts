import type { NamedService } from '@argosy/kube'
import type { RecordType } from 'dns-packet'
import { expect, test } from 'vitest'
import { Zone } from './zone.ts'

const service = (name: string, more: Partial<NamedService> = {}): NamedService => ({
  ...{ namespace: 'default', name, addresses: [], hosts: [], ports: [], isHeadless: false },
  ...more,
})
const ports = [{ name: 'client', port: 5432 }]
const zone = new Zone([
  service('web', {
    addresses: ['127.250.0.9'],
    ports: [
      { name: 'http', port: 80 },
      { name: 'dns', protocol: 'UDP', port: 53 },
    ],
  }),
  service('db', {
    addresses: ['127.10.0.1', '127.10.0.2'],
    hosts: [{ hostname: 'db-0', ip: '127.10.0.1' }],
    ...{ ports, isHeadless: true },
  }),
  service('empty'),
  service('same', { externalName: 'web.default.svc.cluster.local' }),
  service('loop', { externalName: 'loop.default.svc.cluster.local' }),
  service('out', { externalName: 'example.com' }),
])

const ask = (name: string, type: RecordType = 'A') => {
  const said = zone.ask({ name, type })
  if (said.is === 'alias') return `alias of ${said.target}`
  if (said.is !== 'known') return said.is
  return said.answers.map((one) => ('data' in one ? one.data : undefined))
}
const svc = 'default.svc.cluster.local'

test.each([
  [`web.${svc}`, 'A', ['127.250.0.9']],
  [`WEB.Default.svc.cluster.local.`, 'A', ['127.250.0.9']],
  [`web.${svc}`, 'AAAA', []],
  [`web.${svc}`, 'MX', []],
  [`db.${svc}`, 'A', ['127.10.0.1', '127.10.0.2']],
  [`db-0.db.${svc}`, 'A', ['127.10.0.1']],
  [`127-10-0-2.db.${svc}`, 'A', ['127.10.0.2']],
  [`db-9.db.${svc}`, 'A', 'unknown'],
  [`empty.${svc}`, 'A', []],
  [`none.${svc}`, 'A', 'unknown'],
  [svc, 'A', []],
  ['other.svc.cluster.local', 'A', 'unknown'],
  ['svc.cluster.local', 'A', []],
  ['cluster.local', 'SOA', []],
  ['web.default.cluster.local', 'A', 'unknown'],
  ['127-10-0-1.default.pod.cluster.local', 'A', ['127.10.0.1']],
  ['1.default.pod.cluster.local', 'A', 'unknown'],
  ['example.com', 'A', 'elsewhere'],
  ['web', 'A', 'elsewhere'],
  ['', 'NS', 'elsewhere'],
  ['1.0.10.127.in-addr.arpa', 'PTR', [`db-0.db.${svc}`]],
  ['9.0.250.127.in-addr.arpa', 'PTR', [`web.${svc}`]],
  ['1.1.1.1.in-addr.arpa', 'PTR', 'elsewhere'],
  [`out.${svc}`, 'A', 'alias of example.com'],
  [`out.${svc}`, 'CNAME', ['example.com']],
  [`same.${svc}`, 'A', ['web.default.svc.cluster.local', '127.250.0.9']],
] as const)('%s %s: %j', (name, type, want) => {
  expect(ask(name, type)).toEqual(want)
})

test('a service that is another name for itself ends', () => {
  expect(ask(`loop.${svc}`)).toHaveLength(8)
})

test('ports are told by name, of a headless service those of each pod', () => {
  const at = (target: string, port: number) => ({ priority: 0, weight: 100, port, target })
  expect(ask(`_http._tcp.web.${svc}`, 'SRV')).toEqual([at(`web.${svc}`, 80)])
  expect(ask(`_dns._udp.web.${svc}`, 'SRV')).toEqual([at(`web.${svc}`, 53)])
  expect(ask(`_http._udp.web.${svc}`, 'SRV')).toBe('unknown')
  expect(ask(`_client._tcp.db.${svc}`, 'SRV')).toEqual([
    at(`db-0.db.${svc}`, 5432),
    at(`127-10-0-2.db.${svc}`, 5432),
  ])
  expect(ask(`web.${svc}`, 'SRV')).toHaveLength(2)
})
