import { expect, test } from 'vitest'
import { replaceTags, replaceTagsIn, tagsIn } from './tags.ts'

const values = new Map([
  ['a', '1'],
  ['b.c', '{{a}}'],
])
const find = (name: string) => values.get(name)

test.each([
  ['nothing', []],
  ['{{a}} and {{ b }}', ['a', ' b ']],
  ['{{=a + 1}}', ['=a + 1']],
  ['{{a {{b}} c}}', ['a {{b']],
  ['{{open', []],
  ['}} {{a}}', ['a']],
])('the tags in %j', (text, tags) => {
  expect(tagsIn(text)).toEqual(tags)
})

test.each([
  ['{{a}}{{ a }}', '11'],
  ['{{unknown}}', '{{unknown}}'],
  ['{{=a}}', '{{=a}}'],
  ['{{b.c}}', '{{a}}'],
  ['{{x.{{a}}}}', '{{x.1}}'],
  ['{{a', '{{a'],
])('%j becomes %j', (text, want) => {
  expect(replaceTags(text, find)).toBe(want)
})

test('what holds no tag is shared, keys are replaced too', () => {
  const untouched = { list: ['x', { y: 1 }] }
  expect(replaceTagsIn(untouched, find)).toBe(untouched)
  expect(replaceTagsIn({ '{{a}}': [true, '{{a}}'], untouched }, find)).toEqual({
    '1': [true, '1'],
    untouched,
  })
})
