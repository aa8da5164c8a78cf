import { expect, test } from 'vitest'
import { clusterFirst, parseResolvConf, resolvConfText, withDnsConfig } from './resolv-conf.ts'

const machine = parseResolvConf(
  '# from somewhere\nnameserver 10.0.0.53\nnameserver 10.0.0.54 ; the second\nnameserver ::1\nsearch corp.example .\noptions edns0 timeout:2\n',
)

test('the machine’s file is read as resolvers read it', () => {
  expect(machine).toEqual({
    nameservers: ['10.0.0.53', '10.0.0.54', '::1'],
    searches: ['corp.example'],
    options: ['edns0', 'timeout:2'],
  })
  expect(parseResolvConf('')).toEqual({ nameservers: [], searches: [], options: [] })
})

test('pods ask the cluster first, and the machine’s servers when it is away', () => {
  expect(resolvConfText(clusterFirst('127.251.0.1', 'argo', machine))).toBe(
    'search argo.svc.cluster.local svc.cluster.local cluster.local corp.example\n' +
      'nameserver 127.251.0.1\nnameserver 10.0.0.53\nnameserver 10.0.0.54\noptions ndots:5\n',
  )
})

test('what a pod wants goes behind, and its options before others', () => {
  const wish = {
    nameservers: ['1.2.3.4'],
    searches: ['my.example'],
    options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }, {}],
  }
  const text = resolvConfText(withDnsConfig(clusterFirst('127.251.0.1', 'argo', machine), wish))
  expect(text).toContain('cluster.local corp.example my.example\n')
  expect(text).toContain('nameserver 127.251.0.1\nnameserver 1.2.3.4\nnameserver 10.0.0.53\n')
  expect(text).toContain('options ndots:2 edns0\n')
  const alone = withDnsConfig({ nameservers: [], searches: [], options: [] }, wish)
  expect(resolvConfText(alone)).toBe(
    'search my.example\nnameserver 1.2.3.4\noptions ndots:2 edns0\n',
  )
})
