import { mkdir, readdir, readFile } from 'node:fs/promises'
import { resources } from '@argosy/kube'
import { expect, test } from 'vitest'
import { openEmbedded } from '../../packages/app/src/embedded.ts'
import { BackupError, backUp, restore } from '../../packages/app/src/server/backup.ts'
import { Workplace } from './argosy.ts'

const configMap = (name: string) => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } },
})

async function names(dataDir: string): Promise<readonly (string | undefined)[]> {
  await using embedded = await openEmbedded({ dataDir, runtime: 'process' })
  const { items } = await embedded.client.list({ resource: resources.configMaps })
  return items.map(({ metadata }) => metadata.name).filter((name) => name !== 'kube-root-ca.crt')
}

test('a directory in use is copied as it was at one moment, and what was copied can be served', async () => {
  await using place = await Workplace.open()
  const data = place.path('data')
  await using embedded = await openEmbedded({ dataDir: data, runtime: 'process' })
  await embedded.start()
  await embedded.client.create(resources.configMaps, configMap('before'))
  await backUp(data, place.path('copy'))
  expect((await readdir(place.path('copy'))).filter((name) => name.includes('.new'))).toEqual([])
  await embedded.client.create(resources.configMaps, configMap('after'))
  await restore(place.path('copy'), place.path('again'))
  expect(await names(place.path('again'))).toEqual(['before'])
})

test('what is no data directory, no backup or not empty is refused in words', async () => {
  await using place = await Workplace.open()
  await mkdir(place.path('empty'))
  await place.file('file', '')
  const refused = (work: Promise<unknown>, words: string) =>
    expect(work).rejects.toThrow(new BackupError(words))
  const at = (name: string) => place.path(name)
  await refused(backUp(at('none'), at('x')), `${at('none')} is not there`)
  await refused(backUp(at('file'), at('x')), `${at('file')} is no folder`)
  await refused(
    backUp(at('empty'), at('x')),
    `${at('empty')} is no data directory: it has no store.db`,
  )
  await refused(restore(at('empty'), at('x')), `${at('empty')} is no backup: it has no store.db`)
  await names(at('data'))
  await refused(
    backUp(at('data'), place.dir),
    `${place.dir} is not empty: name a folder that is not there yet`,
  )
})

test('a file is never replaced by a backup, nor a data directory filled with itself', async () => {
  await using place = await Workplace.open()
  const data = place.path('data')
  await names(data)
  const file = await place.file('precious', 'kept')
  for (const work of [() => backUp(data, file), () => restore(data, file)]) {
    await expect(work()).rejects.toThrow(new BackupError(`${file} is no folder`))
  }
  expect(await readFile(file, 'utf8')).toBe('kept')
  const inside = place.path('data/copies/today')
  await expect(backUp(data, inside)).rejects.toThrow(
    new BackupError(`${inside} is in the data directory itself: name a folder elsewhere`),
  )
  await mkdir(place.path('empty'))
  await backUp(data, place.path('empty'))
  expect(await readdir(place.path('empty'))).toContain('store.db')
})

test.skipIf(process.platform !== 'linux')(
  'a backup where nothing can be made fails at once',
  async () => {
    await using place = await Workplace.open()
    const data = place.path('data')
    await names(data)
    await expect(backUp(data, '/proc/no/such')).rejects.toThrow(
      /^\/proc\/no\/such cannot be made: /,
    )
  },
)
