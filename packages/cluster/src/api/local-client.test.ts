import { handClock } from '@argosy/kube'
import { clientContract } from '@argosy/kube/contract'
import { describe, it } from 'vitest'
import { Store } from '../store/store.ts'
import { localClient } from './local-client.ts'

function fatal(error: Error): never {
  throw error
}

describe('the client in process keeps the promises of the port', () => {
  for (const { name, run } of clientContract) {
    it(name, async () => {
      const store = new Store({ fatal })
      await run({ client: localClient({ store, clock: handClock() }), namespace: 'default' })
      await store[Symbol.asyncDispose]()
    })
  }
})
