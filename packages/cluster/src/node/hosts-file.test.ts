import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { aPod, machine } from './fixture.ts'
import { hostsText } from './hosts-file.ts'

const aliases = [
  { ip: '10.0.0.1', hostnames: ['one.example', 'one'] },
  { ip: '10.0.0.2', hostnames: ['two'] },
]

test.each([
  ['127.0.0.1\tlocalhost', '127.0.0.1\tlocalhost\n'],
  ['', ''],
])('aliases stand below the names of the machine (%j)', (text, above) => {
  expect(hostsText(text, aliases)).toBe(
    `${above}\n# Entries added by HostAliases.\n10.0.0.1\tone.example\tone\n10.0.0.2\ttwo\n`,
  )
})

test('a pod with hostAliases sees an /etc/hosts of its own, another the machine\u2019s', async () => {
  await using here = await machine()
  await here.start()
  await here.create(aPod('named', { hostAliases: aliases }))
  const named = await here.container('main')
  const mount = named.spec.mounts.find(({ target }) => target === '/etc/hosts')
  expect(existsSync(mount?.source ?? '')).toBe(true)
  expect(readFileSync(mount?.source ?? '', 'utf8')).toContain('10.0.0.1\tone.example\tone\n')
  named.end(0)
  await here.create(aPod('plain'))
  const plain = await here.container('main')
  expect(plain.spec.mounts.filter(({ target }) => target === '/etc/hosts')).toEqual([])
})
