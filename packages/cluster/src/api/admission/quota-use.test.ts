import { addQuantities, type JsonObject, type KubeObject } from '@argosy/engine'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Store } from '../../store/store.ts'
import { type Counted, quotaUse } from './quota-use.ts'
import { takenBy, zero } from './quotas.ts'

function openStore() {
  return new Store({
    fatal: (error) => {
      throw error
    },
  })
}

const place = { namespace: 'a', collection: 'pods' }
const quotaOf = (spec: JsonObject): JsonObject => ({ metadata: { name: 'q' }, spec })

function pod({ name, namespace = 'a', cpu = '100m', brief = false }: Wanted): KubeObject {
  const containers = [{ name: 'c', resources: { requests: { cpu } } }]
  const spec = { containers, ...(brief && { activeDeadlineSeconds: 9 }) }
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec } as KubeObject
}

interface Wanted {
  readonly name: string
  readonly namespace?: string
  readonly cpu?: string
  readonly brief?: boolean
}

function create(store: Store, wanted: Wanted): void {
  const { name, namespace = 'a' } = wanted
  store.create({ collection: 'pods', namespace, name }, pod(wanted))
}

/** By looking at everything. */
function recounted(store: Store, spec: JsonObject): Record<string, bigint> {
  const sums: Record<string, bigint> = {}
  for (const { namespace, value } of store.newestIn('pods')) {
    if (namespace !== 'a') continue
    const taken = takenBy({ collection: 'pods', object: value as unknown as JsonObject }, spec)
    for (const [resource, amount] of taken)
      sums[resource] = addQuantities({ ...zero, nano: sums[resource] ?? 0n }, amount).nano
  }
  return sums
}

function used(store: Counted, spec: JsonObject, others: readonly JsonObject[] = []) {
  const amounts = quotaUse(store).at(place, [spec, ...others].map(quotaOf))(spec)
  return Object.fromEntries([...amounts].map(([resource, { nano }]) => [resource, nano]))
}

const specs: readonly JsonObject[] = [
  { hard: { pods: '5' } },
  { hard: { 'requests.cpu': '1', 'count/pods': '9' } },
  { hard: { pods: '5' }, scopes: ['Terminating'] },
]

const name = fc.constantFrom('p', 'q', 'r')
const step = fc.oneof(
  fc.record({
    act: fc.constant('create' as const),
    name,
    namespace: fc.constantFrom('a', 'a', 'b'),
    cpu: fc.constantFrom('100m', '1', '0'),
    brief: fc.boolean(),
  }),
  fc.record({ act: fc.constantFrom('end' as const, 'remove' as const), name }),
  fc.record({ act: fc.constant('look' as const), at: fc.constantFrom(...specs) }),
  fc.constant({ act: 'commit' as const }),
)

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

async function perform(store: Store, each: Step): Promise<void> {
  if (each.act === 'commit') return store.settled()
  if (each.act === 'create') return create(store, each)
  if (each.act === 'look') return expectRecount(store, each.at)
  store.edit({ ...place, name: each.name }, (draft) => {
    if (each.act === 'remove') return 'remove'
    draft.assign('status', { phase: 'Succeeded' })
    return 'keep'
  })
}

function expectRecount(store: Store, spec: JsonObject): void {
  const [found, want] = [used(store, spec), recounted(store, spec)]
  for (const resource of new Set([...Object.keys(found), ...Object.keys(want)]))
    expect(found[resource] ?? 0n).toBe(want[resource] ?? 0n)
}

test('what is kept up to date is what counting everything anew comes to', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      await using store = openStore()
      for (const each of steps) await perform(store, each)
    }),
    { numRuns: 200 },
  )
})

test('only the first look reads all objects, also while others are written', async () => {
  await using store = openStore()
  let read = 0
  const counted: Counted = {
    newest: (key) => {
      read += 1
      return store.newest(key)
    },
    *newestIn(collection) {
      for (const one of store.newestIn(collection)) {
        read += 1
        yield one
      }
    },
    list: (collection) => store.list(collection),
    witness: (witness) => store.witness(witness),
  }
  const spec = { hard: { pods: '9000' } }
  for (let index = 0; index < 500; index++) create(store, { name: `old-${index}` })
  expect(used(counted, spec)['pods']).toBe(500n * 10n ** 9n)
  expect(read).toBe(500)
  for (let index = 0; index < 500; index++) {
    create(store, { name: `new-${index}` })
    expect(used(counted, spec)['pods']).toBe(BigInt(501 + index) * 10n ** 9n)
  }
  expect(read).toBe(1000)
})

test('a quota that is changed is counted anew, and what is no longer asked for is let go', async () => {
  await using store = openStore()
  create(store, { name: 'p', brief: true })
  create(store, { name: 'q' })
  const [all = {}, cpu = {}, brief = {}] = specs
  expect(used(store, all, [brief])).toEqual({ pods: 2n * 10n ** 9n })
  expect(used(store, brief, [all])).toEqual({ pods: 10n ** 9n })
  expect(used(store, cpu)).toEqual({ 'requests.cpu': 2n * 10n ** 8n, 'count/pods': 2n * 10n ** 9n })
  quotaUse(store).forget(place)
  create(store, { name: 'r' })
  expect(used(store, all)).toEqual({ pods: 3n * 10n ** 9n })
})
