import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readImages } from './prepare.ts'

const rules = [{ match: 'busybox*', run: 'host' }]

test.each([
  ['- match: "busybox*"\n  run: host\n'],
  ['images:\n  - match: "busybox*"\n    run: host\n'],
  [JSON.stringify(rules)],
  [JSON.stringify(rules, null, 2)],
  [JSON.stringify({ images: rules }, null, 2)],
])('rules for images may be a list or an object, in YAML or in JSON: %j', async (text) => {
  const folder = await mkdtemp(join(tmpdir(), 'argosy-images-'))
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
  const file = join(folder, 'images')
  await writeFile(file, text)
  expect(await readImages(file)).toEqual(rules)
})
