import { readdir } from 'node:fs/promises'
import type { KubeObject } from '@argosy/engine'
import { type Client, type List, resources } from '@argosy/kube'
import { expect, test } from 'vitest'
import { aPod, eventually, machine, phaseIs } from './fixture.ts'

/** A server whose watches break when the test says so, and whose lists were read when the test said so. */
function forgetful(client: Client) {
  const cuts = new Set<AbortController>()
  let old: List<KubeObject> | undefined
  let oldLists = 0
  const wrapped: Client = {
    ...delegate(client),
    async list<T extends KubeObject>(...args: Parameters<Client['list']>) {
      const list = old && args[0].resource === resources.pods ? old : undefined
      if (list) oldLists += 1
      return (list ?? (await client.list(...args))) as List<T>
    },
    async *watch<T extends KubeObject>(...[query, signal]: Parameters<Client['watch']>) {
      const cut = new AbortController()
      cuts.add(cut)
      const either = AbortSignal.any([signal, cut.signal])
      // News that would tell better takes its time.
      if (old) await new Promise((resolve) => either.addEventListener('abort', resolve))
      else yield* client.watch<T>(query, either)
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
    forget() {
      old = undefined
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
  const started: string[] = []
  await using here = await machine(({ dir }) => {
    started.push(dir.split('/').at(-1)?.split('.')[0] ?? '')
    return undefined
  })
  const server = forgetful(here.client)
  await here.start({ client: server.client })
  const { metadata: once } = await here.create(aPod('once'))
  await here.until('once', phaseIs('Running'))
  await server.remember()
  const main = await here.container('main')
  main.end(0)
  await here.until('once', phaseIs('Succeeded'))
  // At some of these moments its directory is gone, and the node has nothing left that tells that it has run.
  for (let times = 1; times <= 40; times++) {
    await readdir(here.dataDir)
    server.cut()
    await eventually(() => {
      here.clock.advance(1_000)
      return server.oldLists >= times
    })
  }
  server.forget()
  server.cut()
  const { metadata: next } = await here.create(aPod('next'))
  await here.until('next', phaseIs('Running'))
  expect(started).toEqual([once.uid, next.uid])
  expect(here.errors).toEqual([])
})
