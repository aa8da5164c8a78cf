import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject, KubeObject } from '@argosy/engine'
import { applyJsonPatch } from '@argosy/kube'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Change } from './feed.ts'
import type { Key } from './object-version.ts'
import { Store } from './store.ts'

type Step =
  | { readonly do: 'create' | 'remove'; readonly name: string }
  | {
      readonly do: 'set' | 'push' | 'drop'
      readonly name: string
      readonly member: string
      readonly value: number
    }
  | { readonly do: 'read'; readonly name: string }
  | { readonly do: 'commit' | 'list' | 'reopen' }

const name = fc.constantFrom('a', 'b', 'c')
const member = fc.constantFrom('x', 'y', '~/z')
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('create' as const, 'remove' as const), name }),
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('set' as const, 'push' as const, 'drop' as const),
      name,
      member,
      value: fc.nat(3),
    }),
  },
  fc.record({ do: fc.constant('read' as const), name }),
  fc.record({ do: fc.constantFrom('commit' as const, 'list' as const, 'reopen' as const) }),
)

const keyOf = (name: string): Key => ({ collection: 'things', namespace: 'n', name })
const fatal = (error: Error): never => {
  throw error
}

/** What is there, by name, as JSON text: independent of all that may be shared. */
type Picture = Map<string, string>

function picture(store: Store): Picture {
  return new Map(store.list('things').map((version) => [version.name, text(version.value)]))
}

/** Member order is not part of a value. */
function text(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

function opsOf(step: Extract<Step, { member: string }>) {
  const path = `/status/${step.member.replace('~', '~0').replace('/', '~1')}`
  if (step.do === 'set') return [{ op: 'add', path, value: { n: step.value } }] as const
  if (step.do === 'push') return [{ op: 'add', path: '/status/list/-', value: step.value }] as const
  return [{ op: 'remove', path }] as const
}

/** A plain reading of the same step, on copies. */
function naive(model: Map<string, JsonObject>, step: Step): void {
  if (step.do === 'create' && !model.has(step.name))
    model.set(step.name, structuredClone(fresh(step.name)))
  else if (step.do === 'remove') model.delete(step.name)
  else if ('member' in step) {
    const object = model.get(step.name)
    const members = object && (structuredClone(object['status']) as Record<string, never>)
    if (!members) return
    if (step.do === 'set') members[step.member] = { n: step.value } as never
    else if (step.do === 'push') (members['list'] as never as number[]).push(step.value)
    else delete members[step.member]
    model.set(step.name, { ...object, status: members })
  }
}

function fresh(name: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Thing',
    metadata: { namespace: 'n', name },
    status: { list: [] },
  }
}

function write(store: Store, step: Step): void {
  if (step.do === 'create')
    store.create(keyOf(step.name), structuredClone(fresh(step.name)) as never as KubeObject)
  else if (step.do === 'remove') store.edit(keyOf(step.name), () => 'remove')
  else if (step.do === 'read') void store.newest(keyOf(step.name))?.value
  else if ('member' in step) {
    try {
      store.edit(keyOf(step.name), (draft) => {
        draft.apply(opsOf(step))
        return 'keep'
      })
    } catch {
      // Removing an absent member is refused; the model ignores it.
    }
  }
}

function withoutVersion(entry: readonly [string, string]): readonly [string, string] {
  return [entry[0], entry[1].replace(/,?"resourceVersion":"\d+"/, '')]
}

/** Takes every change into the picture. */
function learn(picture: Picture, { type, version }: Change): void {
  if (type === 'DELETED') picture.delete(version.name)
  else picture.set(version.name, text(version.value))
}

async function follow(
  store: Store,
  from: { revision: number; picture: Picture },
): Promise<Picture> {
  const stop = new AbortController()
  const known = new Map(from.picture)
  const target = store.revision
  if (from.revision === target) return known
  let last = from.revision
  const query = { collection: 'things', after: from.revision, pick: (change: Change) => change }
  for await (const batch of store.follow(query, stop.signal)) {
    for (const change of batch) {
      expect(change.version.revision).toBe(last + 1)
      last += 1
      learn(known, change)
    }
    if (last === target) stop.abort()
  }
  return known
}

/** A store that lives through steps beside a plain model, remembering every list it gave. */
class Life {
  readonly directory = mkdtempSync(join(tmpdir(), 'argosy-history-'))
  readonly model = new Map<string, JsonObject>()
  readonly lists: { revision: number; picture: Picture }[] = [{ revision: 0, picture: new Map() }]
  store = new Store({ directory: this.directory, fatal })

  async take(step: Step): Promise<void> {
    write(this.store, step)
    naive(this.model, step)
    if (step.do === 'commit' || step.do === 'list') await this.store.settled()
    const { revision } = this.store
    if (step.do === 'list') this.lists.push({ revision, picture: picture(this.store) })
    if (step.do === 'reopen') await this.reopen()
  }

  async reopen(): Promise<void> {
    await this.store[Symbol.asyncDispose]()
    this.store = new Store({ directory: this.directory, fatal })
  }

  /** Every list, and all that was heard since, is what is there now. */
  async check(now: Picture): Promise<void> {
    expect(picture(this.store)).toEqual(now)
    for (const list of this.lists) {
      expect([...(await follow(this.store, list))].sort()).toEqual([...now].sort())
    }
  }
}

it('any history: memory, log, followers and a plain model agree, before and after reopening', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const life = new Life()
      for (const step of steps) await life.take(step)
      await life.store.settled()
      const now = picture(life.store)
      const expected = [...life.model].map(([name, object]) => withoutVersion([name, text(object)]))
      expect([...now].map(withoutVersion).sort()).toEqual(expected.sort())
      await life.check(now)
      await life.reopen()
      await life.check(now)
      await life.store[Symbol.asyncDispose]()
      rmSync(life.directory, { recursive: true })
    }),
    { numRuns: 80 },
  )
})

it('applying a patch to a value by hand gives what the store gives', () => {
  const value = fresh('a')
  const patched = applyJsonPatch(value, opsOf({ do: 'set', name: 'a', member: '~/z', value: 1 }))
  expect(patched).toMatchObject({ status: { '~/z': { n: 1 } } })
  expect(value['status']).toEqual({ list: [] })
})
