import { formatTime, matchesQuery, type Query, runFacts, type Workflow } from '@argosy/engine'
import fc from 'fast-check'
import { expect } from 'vitest'
import { listOptionsIn } from '../workflows/list-options.ts'
import type { Archive } from './archive.ts'

/** Whatever is archived and whatever is asked: the archive answers what the runs themselves do. */
export async function sameAsInMemory(archive: Archive): Promise<void> {
  const some = fc.record({
    runs: fc.array(anyRun(), { minLength: 1, maxLength: 12 }),
    queries: fc.array(anyQuery(3), { minLength: 1, maxLength: 6 }),
  })
  let round = 0
  await fc.assert(
    fc.asyncProperty(some, async ({ runs, queries }) => {
      round += 1
      const own = runs.map((run, at) => ({
        ...run,
        metadata: { ...run.metadata, uid: `${round}-${at}` },
      }))
      await archive.put(own)
      try {
        for (const query of queries) await compare(archive, own, query)
      } finally {
        for (const { metadata } of own) await archive.remove(metadata.uid)
      }
    }),
    { numRuns: 60 },
  )
}

async function compare(archive: Archive, own: readonly Workflow[], query: Query): Promise<void> {
  const options = listOptionsIn(new URLSearchParams(), { namespace: '', now: 0 })
  const found = await archive.list({ ...options, query, deletedOnly: false })
  const fits = own.filter((run) => matchesQuery(query, runFacts(run, 0)))
  const uids = (all: readonly Workflow[]) => all.map(({ metadata }) => metadata.uid).sort()
  expect(uids(found.map(({ workflow }) => workflow))).toEqual(uids(fits))
}

/** Few and short, so that they meet; some of them odd. */
function anyText() {
  const words = ['red', 'Red', 'RED', 'green', 'ä', 'Ä', '%', '_', '*', '[a]', '?', '\\', "'", '"']
  return fc
    .array(fc.constantFrom(...words, '😀', '12', '-3.5', '\n', ' ', 'out of memory'), {
      maxLength: 4,
    })
    .map((parts) => parts.join(''))
}

const anyName = () => fc.constantFrom('red', 'green-red', 'a', 'redder', 'green', 'x-y-z')
const anyKey = () =>
  fc.constantFrom('team', 'app.kubernetes.io/name', 'workflows.argoproj.io/phase')
const anyTime = () =>
  fc.integer({ min: 0, max: 6 }).map((step) => Date.UTC(2026, 0, 1) + step * 1000)

function anyRun(): fc.Arbitrary<Workflow> {
  const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined })
  const message = maybe(anyText())
  return fc
    .record({
      name: anyName(),
      namespace: anyName(),
      template: maybe(anyName()),
      labels: fc.dictionary(anyKey(), anyText(), { maxKeys: 3 }),
      params: fc.dictionary(anyName(), anyText(), { maxKeys: 3 }),
      phase: fc.constantFrom('Succeeded', 'Failed', 'Error'),
      times: fc.record({ created: anyTime(), started: maybe(anyTime()), finished: anyTime() }),
      messages: fc.record({ own: message, failed: message, good: message }),
    })
    .map(({ name, namespace, template, labels, params, phase, times, messages }) => {
      const { created, started, finished } = times
      const { own, failed, good } = messages
      return {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Workflow',
        metadata: { name, namespace, labels, creationTimestamp: formatTime(created) },
        spec: {
          arguments: {
            parameters: Object.entries(params).map(([key, value]) => ({ name: key, value })),
          },
          ...(template && { workflowTemplateRef: { name: template } }),
        },
        status: {
          phase,
          ...(started && { startedAt: formatTime(started) }),
          finishedAt: formatTime(finished),
          ...(own && { message: own }),
          nodes: {
            a: { id: 'a', phase: 'Failed', ...(failed && { message: failed }) },
            b: { id: 'b', phase: 'Succeeded', ...(good && { message: good }) },
          },
        },
      } as unknown as Workflow
    })
}

function anyQuery(depth: number): fc.Arbitrary<Query> {
  if (depth === 0) return anyLeaf()
  const inner = anyQuery(depth - 1)
  return fc.oneof(
    { weight: 3, arbitrary: anyLeaf() },
    { weight: 1, arbitrary: inner.map((part): Query => ({ kind: 'not', part })) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom('and', 'or'), fc.array(inner, { minLength: 1, maxLength: 3 }))
        .map(([kind, parts]): Query => ({ kind, parts })),
    },
  )
}

function anyLeaf(): fc.Arbitrary<Query> {
  const part = anyText()
    .filter((text) => text !== '')
    .map((text) => text.toLowerCase())
  const texts = fc.oneof(anyText(), anyName())
  const tested = fc.oneof(
    texts.map((value) => ({ is: 'equal', value }) as const),
    part.map((one) => ({ is: 'contains', part: one }) as const),
    fc
      .array(texts, { minLength: 2, maxLength: 3 })
      .map((parts) => ({ is: 'glob', parts }) as const),
  )
  const number = fc
    .tuple(fc.constantFrom('<', '<=', '>', '>='), fc.constantFrom(12, -3.5, 0, 100))
    .map(([sign, value]) => ({ is: 'number', sign, value }) as const)
  const present = fc.constant({ is: 'present' } as const)
  return fc.oneof(
    fc.record({
      kind: fc.constant('text' as const),
      field: fc.constantFrom('name', 'namespace', 'template'),
      test: tested,
    }),
    fc.record({
      kind: fc.constant('pair' as const),
      of: fc.constantFrom('label', 'param'),
      key: fc.oneof(anyKey(), anyName(), fc.constant('')),
      test: fc.oneof(tested, number, present),
    }),
    fc.record({
      kind: fc.constant('said' as const),
      field: fc.constantFrom('message', 'any'),
      part,
      whole: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('phase' as const),
      phase: fc.constantFrom('Succeeded', 'Failed', 'Error', 'Running'),
    }),
    fc
      .record({
        field: fc.constantFrom('created', 'started', 'finished'),
        from: fc.option(anyTime(), { nil: undefined }),
        to: fc.option(anyTime(), { nil: undefined }),
      })
      .map((range) => rangeOf(range)),
    fc
      .record({
        from: fc.integer({ min: 0, max: 5000 }),
        length: fc.integer({ min: 0, max: 5000 }),
      })
      .map(({ from, length }) => rangeOf({ field: 'duration', from, to: from + length })),
  )
}

function rangeOf({
  field,
  from,
  to,
}: {
  readonly field: 'created' | 'started' | 'finished' | 'duration'
  readonly from: number | undefined
  readonly to: number | undefined
}): Query {
  const bounds = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
  return { kind: 'range', field, ...bounds }
}
