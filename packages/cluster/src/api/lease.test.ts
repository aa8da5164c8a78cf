import type { KubeObject } from '@argosy/engine'
import { type Client, type HandClock, handClock, holdLease, resources } from '@argosy/kube'
import { expect, test } from 'vitest'
import { Store } from '../store/store.ts'
import { localClient } from './local-client.ts'

const never = new AbortController().signal

function world() {
  const clock = handClock()
  const fatal = (error: Error): never => {
    throw error
  }
  const store = new Store({ fatal })
  const client = localClient({ store, clock })
  const options = (identity: string) => ({
    ...{ client, clock, identity, namespace: 'default', name: 'controller' },
  })
  const holder = async () => {
    const ref = { resource: resources.leases, namespace: 'default', name: 'controller' }
    const lease = await client.get<KubeObject & { readonly spec: Record<string, unknown> }>(ref)
    return [lease?.spec['holderIdentity'], lease?.spec['leaseTransitions']]
  }
  return { clock, store, client, options, holder }
}

/** Lets everything that is due happen, second by second. */
async function pass(clock: HandClock, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    clock.advance(1000)
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
  }
}

test('one leads, the next one waits and is told, and takes over at once when the first gives up', async () => {
  const { clock, store, options, holder } = world()
  const first = await holdLease(options('a'), never)
  const told: string[] = []
  let second: Awaited<ReturnType<typeof holdLease>> | undefined
  const waiting = holdLease({ ...options('b'), waiting: (name) => told.push(name) }, never)
  void waiting.then((held) => {
    second = held
  })
  await pass(clock, 60)
  expect([told, second]).toEqual([['a'], undefined])
  await first[Symbol.asyncDispose]()
  await pass(clock, 4)
  expect(second).toBeDefined()
  expect(await holder()).toEqual(['b', 1])
  await second?.[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

test('a leader who is not heard of any more is replaced, and knows before the other begins', async () => {
  const { clock, store, client, options, holder } = world()
  let cut = false
  const deafened: Client = {
    get: (...args) => client.get(...args),
    list: (...args) => client.list(...args),
    watch: (...args) => client.watch(...args),
    create: (...args) => client.create(...args),
    update: (...args) => (cut ? Promise.reject(new Error('no network')) : client.update(...args)),
    patch: (...args) => client.patch(...args),
    remove: (...args) => client.remove(...args),
  }
  const deaf = { ...options('a'), client: deafened }
  const first = await holdLease(deaf, never)
  const order: string[] = []
  first.lost.addEventListener('abort', () => order.push('a lost it'))
  const waiting = holdLease(options('b'), never).then((held) => {
    order.push('b leads')
    return held
  })
  await pass(clock, 20)
  expect(order).toEqual([])
  cut = true
  await pass(clock, 25)
  expect(order).toEqual(['a lost it', 'b leads'])
  expect(await holder()).toEqual(['b', 1])
  await (await waiting)[Symbol.asyncDispose]()
  await first[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})
