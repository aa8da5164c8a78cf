import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { aPod, aStep, type Machine, machine } from './fixture.ts'

const wish = { nameservers: ['192.0.2.1'], options: [{ name: 'ndots', value: '2' }] }

async function resolverOf(here: Machine, name: string) {
  const { spec, running } = await here.container('main')
  const mount = spec.mounts.find(({ source }) => source.includes('/names/resolv.'))
  if (running) (await here.container('main')).end(0)
  await here.until(name, (pod) => pod?.status?.phase === 'Succeeded')
  return mount
}

test('a pod has the resolver that it wants, and shares its file with all that want the same', async () => {
  await using here = await machine()
  await here.start()
  const alone = { dnsPolicy: 'None', dnsConfig: wish } as object
  await here.create(aPod('a', alone))
  const first = await resolverOf(here, 'a')
  expect(first).toMatchObject({ readOnly: true })
  expect(readFileSync(first?.source ?? '', 'utf8')).toBe('nameserver 192.0.2.1\noptions ndots:2\n')
  await here.create(aPod('b', alone))
  expect((await resolverOf(here, 'b'))?.source).toBe(first?.source)
  await here.create(aPod('c', { dnsConfig: wish } as object))
  const beside = readFileSync((await resolverOf(here, 'c'))?.source ?? '', 'utf8')
  expect(beside).toContain('nameserver 192.0.2.1\n')
})

test('who wishes nothing has the machine’s, where there is no name server', async () => {
  await using here = await machine()
  await here.start()
  await here.create(aPod('a', { dnsPolicy: 'ClusterFirst' } as object))
  expect(await resolverOf(here, 'a')).toBeUndefined()
  await here.create(aStep('b', { name: 'main', container: { name: '', image: 'busybox' } }))
  expect(await resolverOf(here, 'b')).toBeUndefined()
})

test('a runtime that cannot give one says so', async () => {
  await using here = await machine()
  Object.assign(here.runtime, { name: 'process' })
  await here.start()
  await here.create(aPod('a', { dnsConfig: wish } as object))
  expect(await resolverOf(here, 'a')).toBeUndefined()
  const events = await here.events()
  expect(events.map(({ reason }) => reason)).toContain('DNSConfigIgnored')
})
