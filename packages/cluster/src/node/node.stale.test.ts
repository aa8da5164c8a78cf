import type { KubeObject } from '@argosy/engine'
import { type Client, type List, resources } from '@argosy/kube'
import { expect, test, vi } from 'vitest'
import { aPod, eventually, machine, phaseIs } from './fixture.ts'

/** A server whose watches break when the test says so, and whose next list was read when the test said so. */
function forgetful(client: Client) {
  const cuts = new Set<AbortController>()
  let old: List<KubeObject> | undefined
  let oldLists = 0
  const wrapped: Client = {
    ...delegate(client),
    async list<T extends KubeObject>(...args: Parameters<Client['list']>) {
      const list = old && args[0].resource === resources.pods ? old : undefined
      if (list) {
        old = undefined
        oldLists += 1
      }
      return (list ?? (await client.list(...args))) as List<T>
    },
    async *watch<T extends KubeObject>(...[query, signal]: Parameters<Client['watch']>) {
      const cut = new AbortController()
      cuts.add(cut)
      yield* client.watch<T>(query, AbortSignal.any([signal, cut.signal]))
    },
  }
  return {
    client: wrapped,
    get oldLists() {
      return oldLists
    },
    async remember() {
      old = await client.list({ resource: resources.pods })
    },
    cut: () => cuts.forEach((one) => void one.abort()),
  }
}

function delegate(client: Client): Omit<Client, 'list' | 'watch'> {
  return {
    ...(client.commitsTurns !== undefined && { commitsTurns: client.commitsTurns }),
    get: (...args) => client.get(...args),
    create: (...args) => client.create(...args),
    update: (...args) => client.update(...args),
    patch: (...args) => client.patch(...args),
    remove: (...args) => client.remove(...args),
  }
}

test('a list that was read before the end of a pod was written does not start it again', async () => {
  let starts = 0
  await using here = await machine(() => {
    starts += 1
    return undefined
  })
  const server = forgetful(here.client)
  await here.start({ client: server.client })
  await here.create(aPod('once'))
  await here.until('once', phaseIs('Running'))
  await server.remember()
  const main = await here.container('main')
  main.end(0)
  await here.until('once', phaseIs('Succeeded'))
  // Its directory is gone: nothing but the memory of the node tells that it has run.
  await vi.waitFor(() => expect(here.runtime.containers.size).toBe(0))
  server.cut()
  await eventually(() => {
    here.clock.advance(1_000)
    return server.oldLists === 1
  })
  await here.create(aPod('next'))
  await here.until('next', phaseIs('Running'))
  expect(starts).toBe(2)
  expect(here.errors).toEqual([])
})
