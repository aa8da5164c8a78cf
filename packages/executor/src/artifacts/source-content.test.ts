import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { sourceContent } from './source-content.ts'

test('a tarball is as small as its compressionLevel says', async () => {
  const room = await mkdtemp(join(tmpdir(), 'argosy-content-'))
  const path = join(room, 'in')
  await writeFile(
    path,
    Array.from({ length: 40_000 }, (_, index) => String((index * index) % 997)).join(' '),
  )
  const sizeAt = async (compressionLevel: number) => {
    const archive = { tar: { compressionLevel } }
    const content = await sourceContent({ path, settled: true }, { name: 'a', archive })
    return content === undefined ? 0 : (await buffer(await content.open())).length
  }
  const [none, fast, best] = [await sizeAt(0), await sizeAt(1), await sizeAt(9)]
  expect(none).toBeGreaterThan(100_000)
  expect(fast).toBeLessThan(none / 2)
  expect(best).toBeLessThan(fast)
  await rm(room, { recursive: true })
})
