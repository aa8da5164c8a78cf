import { expect, test } from 'vitest'
import { jq } from './jq.ts'

const object = { metadata: { name: 'web', labels: { b: '<&>', a: 'x' } }, items: [1, 2.5, 'two'] }

// Expected texts are what github.com/itchyny/gojq v0.12.17 gives within upstream's jqFilter.
test.each([
  ['.metadata.name', 'web'],
  ['.metadata.labels', '{"a":"x","b":"\\u003c\\u0026\\u003e"}'],
  ['.items[]', '1\n2.5\ntwo'],
  ['.items', '[1,2.5,"two"]'],
  ['.missing', 'null'],
  ['empty', ''],
  ['"  x  "', 'x'],
  ['.metadata | length', '2'],
  ['.metadata.labels | to_entries | map(.key) | join(",")', 'a,b'],
  ['.metadata.labels | tostring', '{"a":"x","b":"<&>"}'],
  ['.items | map(tostring) | join(",")', '1,2.5,two'],
])('%s', async (filter, want) => {
  expect(await jq(filter, object)).toBe(want)
})

test('a filter that is none says why', async () => {
  await expect(jq('.items[', object)).rejects.toThrow(/syntax error/)
})

test('a filter that has no end is ended with its step', async () => {
  const stop = new AbortController()
  const endless = jq('[range(1e15)]', object, stop.signal)
  setImmediate(() => stop.abort(new Error('stopped')))
  await expect(endless).rejects.toThrow('stopped')
})
