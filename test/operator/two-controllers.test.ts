import type { Pod } from '@argosy/engine'
import { type Client, resources } from '@argosy/kube'
import { startJobController } from '@argosy/operators/built-in'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Any, isTrue, template, world } from './controllers.fixture.ts'

const never = template({}, { restartPolicy: 'Never' })

const anything = fc.record({
  seed: fc.integer({ min: 1, max: 0x7fffffff }),
  completions: fc.integer({ min: 1, max: 9 }),
  parallelism: fc.integer({ min: 1, max: 4 }),
  codes: fc.array(fc.constantFrom(0, 0, 1), { maxLength: 3 }),
})

it('two controllers at once start no more pods of a Job than one, count none twice, and forget none', async () => {
  await fc.assert(
    fc.asyncProperty(anything, async ({ seed, completions, parallelism, codes }) => {
      const left = [...codes]
      await using here = await world([], () => left.shift() ?? 0)
      const { client, machine } = here
      const end = new AbortController()
      const seen = follow(client, end.signal)
      const random = randomFrom(seed)
      await using both = new AsyncDisposableStack()
      for (const _ of ['one', 'other'])
        both.use(startJobController({ client: slow(client, random), clock: machine.clock }))
      const spec = { completions, parallelism, backoffLimit: 100, template: never }
      await here.create(resources.jobs, 'j', spec)
      await here.until(async () => isTrue(await here.get(resources.jobs, 'j'), 'Complete'))
      await here.until(() => isTrue(seen.jobs.at(-1), 'Complete'))
      for (const [index, job] of seen.jobs.entries()) {
        const [before, now] = [counted(seen.jobs[index - 1]), counted(job)]
        expect(now.succeeded).toBeGreaterThanOrEqual(before.succeeded)
        expect(now.failed).toBeGreaterThanOrEqual(before.failed)
        expect(now.succeeded).toBeLessThanOrEqual(seen.ended.Succeeded.size)
        expect(now.failed).toBeLessThanOrEqual(seen.ended.Failed.size)
      }
      const last = counted(seen.jobs.at(-1))
      expect(last.succeeded).toBeGreaterThanOrEqual(completions)
      expect(seen.crowd.most).toBeLessThanOrEqual(parallelism)
      expect(seen.crowd.all.size).toBeLessThanOrEqual(completions + seen.ended.Failed.size)
      end.abort()
    }),
    { numRuns: 20 },
  )
})

interface Counts {
  readonly succeeded: number
  readonly failed: number
}

function counted(job: Any | undefined): Counts {
  const status = (job?.status ?? {}) as Partial<Counts> & {
    readonly uncountedTerminatedPods?: Partial<Record<keyof Counts, readonly string[]>>
  }
  const of = (side: keyof Counts) =>
    (status[side] ?? 0) + (status.uncountedTerminatedPods?.[side]?.length ?? 0)
  return { succeeded: of('succeeded'), failed: of('failed') }
}

/** Every version of the job, and which pods have ended; those that were told to go have failed. */
function follow(client: Client, signal: AbortSignal) {
  const jobs: Any[] = []
  const ended = { Succeeded: new Set<string>(), Failed: new Set<string>() }
  const active = new Set<string>()
  const crowd = { most: 0, all: new Set<string>() }
  const hearJobs = async () => {
    for await (const batch of client.watch<Any>({ resource: resources.jobs }, signal))
      jobs.push(...batch.map(({ object }) => object))
  }
  const hearPods = async () => {
    for await (const batch of client.watch<Pod>({ resource: resources.pods }, signal))
      for (const { object } of batch) hear(object)
  }
  const hear = ({ metadata, status }: Pod) => {
    const { uid = '', deletionTimestamp } = metadata
    const isOver = status?.phase === 'Succeeded' || status?.phase === 'Failed' || deletionTimestamp
    if (isOver) active.delete(uid)
    else active.add(uid)
    crowd.all.add(uid)
    crowd.most = Math.max(crowd.most, active.size)
    if (status?.phase === 'Succeeded') ended.Succeeded.add(uid)
    else if (status?.phase === 'Failed' || deletionTimestamp) ended.Failed.add(uid)
  }
  for (const hearing of [hearJobs(), hearPods()]) hearing.catch(() => undefined)
  return { jobs, ended, crowd }
}

/** The same client, by ways of uneven length. */
function slow(client: Client, random: () => number): Client {
  const wait = async () => {
    const longest = random() < 0.2 ? 60 : 3
    for (let turns = random() * longest; turns > 1; turns--) await new Promise(setImmediate)
  }
  const far = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      await wait()
      try {
        return await call(...args)
      } finally {
        await wait()
      }
    }
  }
  return {
    get: (ref, signal) => far(() => client.get<never>(ref, signal))(),
    list: (query, signal) => far(() => client.list<never>(query, signal))(),
    watch: (query, signal) => client.watch(query, signal),
    create: far((...args) => client.create(...args)),
    update: far((...args) => client.update(...args)),
    patch: far((...args) => client.patch(...args)),
    remove: far((...args) => client.remove(...args)),
  }
}

/** xorshift: the same seed, the same ways. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 0x1_0000_0000
  }
}
