import type { Json, KubeObject } from '@argosy/engine'
import { applyJsonPatch } from '@argosy/kube'
import { expect, test } from 'vitest'
import { asDeltas } from './deltas.ts'

const at = (resourceVersion: string, status: object, uid = 'u') =>
  ({ metadata: { name: uid, uid, resourceVersion }, status }) as unknown as KubeObject

async function told(
  events: readonly { readonly type: string; readonly object: KubeObject }[],
  shown = (object: KubeObject): unknown => object,
  known?: Map<string, Json>,
) {
  const source = (async function* () {
    yield* events
  })()
  const said = []
  for await (const one of asDeltas(source, shown, known)) said.push(one)
  return said
}

test('an object is told whole once, then by what is new of it', async () => {
  const [first, second, third] = [
    at('1', { nodes: { a: 'Running' } }),
    at('2', { nodes: { a: 'Running', b: 'Running' } }),
    at('3', { nodes: { a: 'Succeeded', b: 'Running' } }),
  ] as const
  const said = await told([first, second, third].map((object) => ({ type: 'MODIFIED', object })))
  expect(said.map((one) => 'patch' in one)).toEqual([false, true, true])
  const patched = said.flatMap((one) => ('patch' in one ? (one.patch as never[]) : []))
  expect(applyJsonPatch(first as never, patched)).toEqual(third)
  expect(said[1]?.object).toEqual({ metadata: { uid: 'u', resourceVersion: '2' } })
})

test('what is not shown is not told; another object, and one made anew, is told whole', async () => {
  const said = await told(
    [
      { type: 'ADDED', object: at('1', { phase: 'Running' }) },
      { type: 'MODIFIED', object: at('2', { phase: 'Running' }) },
      { type: 'MODIFIED', object: at('3', { phase: 'Failed' }, 'v') },
      { type: 'DELETED', object: at('4', { phase: 'Running' }) },
      { type: 'MODIFIED', object: at('5', { phase: 'Running' }) },
    ],
    ({ status }: KubeObject & { status?: unknown }) => status,
  )
  expect(said.map(({ type, object }) => [type, object])).toEqual([
    ['ADDED', { phase: 'Running' }],
    ['MODIFIED', { phase: 'Failed' }],
    ['DELETED', { phase: 'Running' }],
    ['MODIFIED', { phase: 'Running' }],
  ])
})

test('of an object that the reader has, only what is new is told from the first word on', async () => {
  const object = at('2', { nodes: { a: 'Succeeded' } })
  const known = new Map([['u', at('1', { nodes: { a: 'Running' } }) as never]])
  const [first] = await told([{ type: 'MODIFIED', object }], (one) => one, known)
  expect(first).toEqual({
    type: 'MODIFIED',
    object: { metadata: { uid: 'u', resourceVersion: '2' } },
    patch: [
      { op: 'replace', path: '/metadata/resourceVersion', value: '2' },
      { op: 'replace', path: '/status/nodes/a', value: 'Succeeded' },
    ],
  })
})
