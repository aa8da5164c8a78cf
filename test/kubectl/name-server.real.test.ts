import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Cluster, manifest } from './cluster.ts'
import { ourNode } from './our-node.ts'

/** Only root, and who has been given the right, may listen at port 53. */
const mayListen = process.getuid?.() === 0 && process.platform === 'linux'

let cluster: Cluster
beforeAll(async () => {
  cluster = await Cluster.open()
})
afterAll(async () => {
  await cluster.says('delete pod --all --grace-period=1')
  await cluster[Symbol.asyncDispose]()
})

const pod = (name: string, spec: object = {}) =>
  manifest({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app: name } } },
    spec: {
      ...{ terminationGracePeriodSeconds: 1, volumes: ourNode.volumes, ...spec },
      containers: [
        {
          ...{ name: 'c', image: 'busybox', command: ['sleep', '600'] },
          volumeMounts: ourNode.volumeMounts,
        },
      ],
    },
  })
const inPod = async (name: string, ...words: string[]) =>
  (await cluster.kubectl(['exec', name, '--', ...words])).stdout

/** A resolver of its own, as programs have that do not ask the system. */
const resolve = (method: string, name: string) =>
  `const { Resolver } = require('node:dns').promises
   const { readFileSync } = require('node:fs')
   const [, server] = /^nameserver (.*)$/m.exec(readFileSync('/etc/resolv.conf', 'utf8'))
   const resolver = new Resolver()
   resolver.setServers([server])
   resolver.${method}('${name}').then((all) => console.log(JSON.stringify(all)), (e) => console.log(e.code))`

it.skipIf(!mayListen)('pods have a name server that knows names, ports and addresses', async () => {
  await cluster.says('apply -f -', pod('server', { hostname: 'one', subdomain: 'web' }))
  await cluster.says('apply -f -', pod('asks'))
  await cluster.says('wait pod/server pod/asks --for=condition=Ready --timeout=60s')
  const spec = {
    ...{ clusterIP: 'None', selector: { app: 'server' } },
    ports: [{ name: 'http', port: 8080 }],
  }
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec }
  await cluster.says('apply -f -', manifest(service))
  const text = await inPod('asks', 'cat', '/etc/resolv.conf')
  expect(text).toMatch(
    /^search default\.svc\.cluster\.local svc\.cluster\.local cluster\.local.*\nnameserver 127\.251\.\d+\.\d+\n(.*\n)*options ndots:5$/m,
  )
  const ask = (method: string, name: string) =>
    inPod('asks', process.execPath, '-e', resolve(method, name))
  const full = 'web.default.svc.cluster.local'
  await expect
    .poll(() => ask('resolve4', full), { timeout: 30_000, interval: 200 })
    .toMatch(/^\["127\.\d+\.\d+\.\d+"\]$/m)
  expect(await ask('resolveSrv', `_http._tcp.${full}`)).toContain(
    `"name":"one.${full}","port":8080`,
  )
  const [ip = ''] = JSON.parse(await ask('resolve4', `one.${full}`)) as string[]
  const reverse = `${ip.split('.').reverse().join('.')}.in-addr.arpa`
  expect(await ask('resolvePtr', reverse)).toBe(`["one.${full}"]\n`)
  expect(await ask('resolve4', `none.${full}`)).toBe('ENOTFOUND\n')
  expect(await inPod('asks', 'getent', 'hosts', 'one.web')).toContain(ip)
})

it('a pod has the resolver that it wants', async () => {
  const dnsConfig = {
    nameservers: ['192.0.2.1'],
    searches: ['my.example'],
    options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }],
  }
  await cluster.says('apply -f -', pod('wishes', { dnsPolicy: 'None', dnsConfig }))
  await cluster.says('apply -f -', pod('plain', { dnsPolicy: 'Default' }))
  await cluster.says('wait pod/wishes pod/plain --for=condition=Ready --timeout=60s')
  expect(await inPod('wishes', 'cat', '/etc/resolv.conf')).toBe(
    'search my.example\nnameserver 192.0.2.1\noptions ndots:2 edns0\n',
  )
  expect(await inPod('plain', 'cat', '/etc/resolv.conf')).toBe(
    execFileSync('cat', ['/etc/resolv.conf'], { encoding: 'utf8' }),
  )
})
