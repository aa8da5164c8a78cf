import { beforeAll, describe, expect, test } from 'vitest'
import { azureDriver } from './azure.ts'
import { azureStore, sendingOf } from './azure-store.ts'
import { driverContract } from './driver.contract.ts'
import { send } from './send.ts'

/**
 * Needs the emulator: `npx azurite-blob --inMemoryPersistence --skipApiVersionCheck`, and its address in ARGOSY_AZURITE.
 * Account and key are the emulator's own, the same on every machine.
 */
const account = 'devstoreaccount1'
const key =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='
const server = process.env['ARGOSY_AZURITE']
const endpoint = `${server}/${account}`
const containersAtAll = 40
let containers = 0

describe.skipIf(!server)('against the emulator (ARGOSY_AZURITE)', () => {
  let first = ''

  beforeAll(async () => {
    first = `argosy-${process.pid}-${Date.now()}`
    for (let at = 0; at < containersAtAll; at++) {
      const place = { url: `${endpoint}/${first}-${at}`, account, key }
      const query = { restype: 'container' }
      const answer = await send(sendingOf(place, { method: 'PUT', query, signal: undefined }))
      expect(answer.resume().statusCode).toBe(201)
    }
  })

  driverContract({
    name: 'azure',
    flat: true,
    open() {
      containers += 1
      return azureDriver({ secrets: async () => Buffer.from(key) })
    },
    at: (blob) => ({
      azure: {
        endpoint,
        container: `${first}-${containers % containersAtAll}`,
        blob,
        accountKeySecret: { name: 's', key: 'k' },
      },
    }),
  })

  test('a container that is not there is an error, not an absence', async () => {
    const store = azureStore({ url: `${endpoint}/nowhere`, account, key })
    await expect(store.get('x')).rejects.toThrow(/^azure: 404 /)
  })
})
