import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { beforeAll, describe, expect, test } from 'vitest'
import { driverContract } from './driver.contract.ts'
import { gcsDriver } from './gcs.ts'
import { gcsStore } from './gcs-store.ts'

/**
 * Needs an emulator, and its address in ARGOSY_GCS: fake-gcs-server (`fake-gcs-server -scheme http -port 4443
 * -backend memory -external-url http://127.0.0.1:4443`), or gcp-storage-emulator from PyPI.
 */
const server = process.env['ARGOSY_GCS']
const bucketsAtAll = 40
let buckets = 0
const world = { env: { STORAGE_EMULATOR_HOST: server }, now: Date.now }
const driver = () => gcsDriver({ secrets: async () => undefined }, world)

describe.skipIf(!server)('against the emulator (ARGOSY_GCS)', () => {
  let first = ''
  const bucket = () => `${first}-${buckets % bucketsAtAll}`

  beforeAll(async () => {
    first = `argosy-${process.pid}-${Date.now()}`
    for (let at = 0; at < bucketsAtAll; at++) {
      const answer = await fetch(`${server}/storage/v1/b?project=argosy`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: `${first}-${at}` }),
      })
      expect(answer.status).toBe(200)
    }
  })

  driverContract({
    name: 'gcs',
    flat: true,
    open() {
      buckets += 1
      return driver()
    },
    at: (key) => ({ gcs: { bucket: bucket(), key } }),
  })

  test('a large object goes in parts and comes back whole', async () => {
    const room = await mkdtemp(join(tmpdir(), 'argosy-gcs-'))
    const bytes = randomBytes(20 * 2 ** 20 + 7)
    await writeFile(join(room, 'in'), bytes)
    const artifact = { name: 'a', gcs: { bucket: bucket(), key: 'large' }, archive: { none: {} } }
    await driver().save({ path: join(room, 'in'), settled: true }, artifact)
    await driver().load(artifact, join(room, 'out'))
    expect(bytes.equals(await readFile(join(room, 'out')))).toBe(true)
    await rm(room, { recursive: true })
  })

  test('a bucket that is not there is an error, not an absence', async () => {
    const store = gcsStore({ endpoint: server ?? '', bucket: 'nowhere' })
    const content = {
      open: async () => Readable.from([Buffer.from('x')]),
      size: 1,
    }
    await expect(store.put('x', content)).rejects.toThrow(/^gcs: POST x: 404 /)
  })
})
