import { expect, test } from 'vitest'
import { inlineMarkdown } from './inline-markdown.ts'

const plain = (text: string) => ({ look: 'plain', text })

test.each([
  [
    'Makes the **weekly** report',
    [plain('Makes the '), { look: 'strong', text: 'weekly' }, plain(' report')],
  ],
  ['`a*b*` and *so*', [{ look: 'code', text: 'a*b*' }, plain(' and '), { look: 'em', text: 'so' }]],
  ['_this_ but no_such_name', [{ look: 'em', text: 'this' }, plain(' but no_such_name')]],
  ['[docs](https://x.example/a)', [{ look: 'link', text: 'docs', href: 'https://x.example/a' }]],
  ['[no](javascript:alert(1)) <b>', [plain('[no](javascript:alert(1)) <b>')]],
  ['2 * 3 * 4, ** and `', [plain('2 * 3 * 4, ** and `')]],
  ['', []],
])('%s', (text, spans) => {
  expect(inlineMarkdown(text)).toEqual(spans)
})
