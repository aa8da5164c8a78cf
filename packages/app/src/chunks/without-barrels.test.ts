import { expect, test } from 'vitest'
import { withoutBarrels } from './without-barrels.ts'

test('what is imported of a package is taken from the file that has it', () => {
  const text = withoutBarrels(`import { isObject, type Json } from '@argosy/engine'
import {
  goJson as told,
  type Pod,
} from '@argosy/engine'`)
  expect(text.split('\n')).toEqual([
    expect.stringMatching(
      /^import \{ isObject as isObject \} from ".*\/engine\/src\/spec\/.*\.ts"$/,
    ),
    expect.stringMatching(
      /^import \{ marshal as told \} from ".*\/engine\/src\/expr\/go-json\.ts"$/,
    ),
  ])
})

test('types, packages of others and files stay as they are', () => {
  const text = `import type { Json } from '@argosy/engine'
import { Command } from 'commander'
import { near } from './near.ts'
const late = () => import('@argosy/engine')`
  expect(withoutBarrels(text)).toBe(text)
})

test('a name that nobody has is said', () => {
  expect(() => withoutBarrels("import { nothing } from '@argosy/engine'")).toThrow(
    '@argosy/engine has no nothing',
  )
})
