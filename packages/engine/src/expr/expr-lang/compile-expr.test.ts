import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, encode } from '../case-codec.ts'
import { functionEnvironment } from '../functions/function-environment.ts'
import { compileExpr } from './compile-expr.ts'

const read = (name: string) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))
const environment = {
  ...(decode(read('environment.cases.json')) as Record<string, unknown>),
  ...functionEnvironment(),
}

function outcome(source: string, env: Readonly<Record<string, unknown>> = environment) {
  const program = compileExpr(source)
  const result = 'error' in program ? program : program.evaluate(env)
  return 'error' in result ? result : { value: encode(result.value) }
}

describe('expr-lang v1.17.8 answers', () => {
  test.each(read('expr-lang.cases.json') as [string, unknown][])('%s', (source, expected) => {
    expect(outcome(source)).toEqual(expected)
  })
})

describe('variables', () => {
  const pathsOf = (source: string) => {
    const program = compileExpr(source)
    if ('error' in program) throw new Error(program.error)
    return program.variables.map(({ path, guarded }) => path.join('.') + (guarded ? '?' : ''))
  }

  test('are the longest chains of constant members', () => {
    expect(pathsOf('steps.a.outputs["result"] + b')).toEqual(['steps.a.outputs.result', 'b'])
  })

  test('are guarded when read through ?. or left of ??', () => {
    expect(pathsOf('a?.b.c == (d.e ?? f)')).toEqual(['a.b.c?', 'd.e?', 'f'])
  })

  test('leave out the locals of let', () => {
    expect(pathsOf('let x = a.b; x.c + map(d, #.e)[0]')).toEqual(['a.b', 'd'])
  })
})

describe('no input breaks it', () => {
  const pieces = fc.constantFrom(
    ...['(', ')', '[', ']', '{', '}', '.', '?.', '??', '|', '#', ',', ';', ':', '?', '-', '+', '*'],
    ...[
      '**',
      '/',
      '%',
      '==',
      '<',
      '..',
      ' in ',
      ' not ',
      ' and ',
      'let x = ',
      'if ',
      ' else ',
      'n',
    ],
    ...[
      'list',
      's',
      'm',
      '1',
      '2.5',
      '"a"',
      "'b'",
      '`',
      '"',
      '\\',
      'map(',
      'filter(',
      'len(',
      '#acc',
    ],
    ...['nil', 'true', 'sprig', 'date(', '/*', '//', '\n', 'é', '😀', ' matches ', '&&', '||', '!'],
  )

  test('whatever the text is', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        expect(outcome(parts.join(''))).toBeTypeOf('object')
      }),
      { numRuns: 3000 },
    )
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(outcome(text)).toBeTypeOf('object')
      }),
    )
  })

  test('however deep it goes', () => {
    for (const piece of [
      '(',
      '[',
      '-',
      '!',
      '{a:',
      'map(1..2,',
      't ? ',
      'if t {',
      'let x = 1; ',
      'm.',
      'a?.b ?? (',
    ])
      expect(outcome(piece.repeat(20_000))).toHaveProperty('error')
    expect(outcome(`${'('.repeat(500)}1${')'.repeat(500)}`)).toEqual({ value: { $int: '1' } })
    expect(outcome(Array(1000).fill('1').join('+'))).toEqual({ value: { $int: '1000' } })
    expect(outcome(`${'n+'.repeat(999)}n`)).toEqual({ value: { $int: '5000' } })
  })
})

test('loops in loops end, though they build nothing', () => {
  const loops = [
    'all(a, {all(a, {all(a, {true})})})',
    'count(a, {findLast(a, {any(a, {false})}) == 1})',
  ]
  for (const loop of loops) {
    expect(outcome(`let a = 1..1000; ${loop}`)).toMatchObject({
      error: expect.stringContaining('step budget exceeded'),
    })
  }
  expect(outcome('let a = 1..1000; all(a, {any(a, {# == 1})})')).toEqual({ value: true })
})

test('what is small but would be written out without end is too much', () => {
  const doubled = [
    '[#acc, #acc]',
    '({a: #acc, b: #acc})',
    'sprig.list(#acc, #acc)',
    'sprig.concat([#acc], [#acc])',
    'concat([#acc], [#acc])[0:2]',
    'sprig.dict("a", #acc, "b", #acc)',
    'sprig.concat(#acc, #acc)',
    'map([#acc], [#, #])',
  ]
  for (const step of doubled)
    expect(outcome(`toJSON(reduce(1..60, ${step}, [1]))`)).toMatchObject({
      error: expect.stringContaining('memory budget exceeded'),
    })
  expect(outcome('string(reduce(1..60, [#acc], 1))')).toHaveProperty('value')
})

test('the different ones of many are found quickly', () => {
  expect(outcome('len(uniq(1..200000))')).toEqual({ value: { $int: '200000' } })
  expect(
    outcome('uniq([1, 1.0, "1", [1, {a: 1.0}], [1.0, {a: 1.0}], {a: nil}, {a: nil}])'),
  ).toEqual({
    value: [{ $int: '1' }, '1', [{ $int: '1' }, { a: 1 }], { a: null }],
  })
})

test('a missing name is nil only when asked for', () => {
  const program = compileExpr('a == nil')
  if ('error' in program) throw new Error(program.error)
  expect(program.evaluate({})).toHaveProperty('error')
  expect(program.evaluate({}, { allowUndefined: true })).toEqual({ value: true })
})

test('a name of the environment replaces a built-in', () => {
  expect(outcome('split == 1', { split: 1n })).toEqual({ value: true })
  expect(outcome('upper("a")', { upper: () => 'mine' })).toEqual({ value: 'mine' })
})

test('now() is the time it is given', () => {
  const program = compileExpr('now().Year()')
  if ('error' in program) throw new Error(program.error)
  expect(program.evaluate({}, { now: Date.UTC(2026, 0, 1) })).toEqual({ value: 2026n })
  expect(program.evaluate({})).toHaveProperty('error')
})
