import { describe, expect, test } from 'vitest'
import { fnv1a32 } from '../../packages/engine/src/workflow/names.ts'
import { present } from './documents.ts'
import { House } from './house.ts'

// Where the examples are, the machine has a sandbox too.
describe.skipIf(!present)('what differs from upstream', () => {
  test('two node names with one hash are two nodes', async () => {
    const [a, b] = namesOfOneHash('twins.')
    await using house = await House.open('quick')
    const end = await house.run({ object: twins(a, b), supplies: [] }, AbortSignal.timeout(20_000))
    expect(end.workflow.status?.phase).toBe('Succeeded')
    expect(Object.fromEntries(end.said)).toEqual({ [`.${a}`]: a, [`.${b}`]: b })
    expect(new Set([...end.nodes.values()].map(({ id }) => id)).size).toBe(3)
  })
})

/** Among a hundred thousand names two have the same 32 bits. */
function namesOfOneHash(prefix: string): readonly [string, string] {
  const seen = new Map<number, string>()
  for (let at = 0; ; at += 1) {
    const name = `t${at}`
    const hash = fnv1a32(prefix + name)
    const twin = seen.get(hash)
    if (twin !== undefined) return [twin, name]
    seen.set(hash, name)
  }
}

function twins(...names: readonly string[]) {
  const tasks = names.map((name) => ({
    name,
    template: 'say',
    arguments: { parameters: [{ name: 'text', value: name }] },
  }))
  const say = {
    name: 'say',
    inputs: { parameters: [{ name: 'text' }] },
    container: { image: 'busybox', command: ['echo', '{{inputs.parameters.text}}'] },
  }
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name: 'twins' },
    spec: { entrypoint: 'main', templates: [{ name: 'main', dag: { tasks } }, say] },
  }
}
