import { Resolver } from 'node:dns/promises'
import { connect } from 'node:net'
import { freePort } from '@argosy/kube/free-port'
import { afterEach, expect, test } from 'vitest'
import { type NameServerOptions, startNameServer } from './name-server.ts'
import { type Upstream, upstreamOf } from './upstream.ts'
import { Zone } from './zone.ts'

let open = new AsyncDisposableStack()
afterEach(async () => {
  await open.disposeAsync()
  open = new AsyncDisposableStack()
})

const plain = { hosts: [], ports: [], isHeadless: false }
const many = Array.from({ length: 200 }, (_, index) => `127.10.0.${index}`)
const inside = new Zone([
  { namespace: 'default', name: 'web', addresses: ['127.250.0.9'], ...plain },
  { namespace: 'default', name: 'many', addresses: many, ...plain },
  {
    namespace: 'default',
    name: 'out',
    addresses: [],
    ...plain,
    externalName: 'far.example.svc.cluster.local',
  },
])
/** Of another cluster, so that it is a name server too. */
const outside = new Zone([
  { namespace: 'example', name: 'far', addresses: ['192.0.2.7'], ...plain },
])
const nobody: Upstream = { ask: async () => undefined }

async function started(zone: Zone, upstream = nobody, host = '127.0.0.1') {
  const port = await freePort()
  const options: NameServerOptions = { host, port, zone: () => zone, upstream }
  open.use(await startNameServer(options))
  const resolver = new Resolver({ timeout: 2000, tries: 2 })
  resolver.setServers([`${host}:${port}`])
  return { port, resolver }
}

test('answers over UDP, and over TCP what is too long', async () => {
  const { resolver } = await started(inside)
  expect(await resolver.resolve4('web.default.svc.cluster.local')).toEqual(['127.250.0.9'])
  expect(await resolver.resolve4('many.default.svc.cluster.local')).toHaveLength(200)
  await expect(resolver.resolve4('no.default.svc.cluster.local')).rejects.toMatchObject({
    code: 'ENOTFOUND',
  })
  expect(await resolver.reverse('127.250.0.9')).toEqual(['web.default.svc.cluster.local'])
})

test('asks others for what is none of the cluster’s, the next one when one is away', async () => {
  const { port } = await started({ ask: outside.ask.bind(outside) } as Zone)
  const upstream = upstreamOf(() => ['127.0.0.9', '127.0.0.1'], port)
  // Knows no name of its own.
  const empty = { ask: () => ({ is: 'elsewhere' }) } as unknown as Zone
  const { resolver } = await started(empty, upstream)
  expect(await resolver.resolve4('far.example.svc.cluster.local')).toEqual(['192.0.2.7'])
})

test('when nobody answers, that is said', async () => {
  const { resolver } = await started(inside)
  await expect(resolver.resolve4('example.com')).rejects.toMatchObject({ code: 'ESERVFAIL' })
})

test('goes on after everything that is no DNS', async () => {
  const { port, resolver } = await started(inside)
  for (const bytes of ['GET / HTTP/1.1\r\n\r\n', '\0', '\0\x05abc', '\xff\xff'])
    await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.end(bytes, 'latin1'))
      socket.on('error', resolve).on('close', resolve).resume()
    })
  expect(await resolver.resolve4('web.default.svc.cluster.local')).toEqual(['127.250.0.9'])
})

test('an address that another program has is refused in the system’s words', async () => {
  const { port } = await started(inside)
  const again = startNameServer({ host: '127.0.0.1', port, zone: () => inside, upstream: nobody })
  await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
