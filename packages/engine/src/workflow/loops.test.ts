import { describe, expect, test } from 'vitest'
import type { Invocation } from '../spec/workflow.ts'
import { isLoop, itemInvocation, loopItems } from './loops.ts'
import { itemCases } from './loops-cases.table.ts'
import { Scope } from './scope.ts'

describe('every item gets the name and the text that upstream gives it', () => {
  itemCases.forEach(({ item, name, vars }, index) => {
    test(name, () => {
      const step: Invocation = {
        name: 's',
        arguments: {
          parameters: Object.keys(vars).map((key) => ({ name: key, value: `{{${key}}}` })),
        },
      }
      const made = itemInvocation(
        step,
        item,
        Number(/\((\d+):/.exec(name)?.[1] ?? index),
        new Scope(),
      )
      expect(made).toMatchObject({ invocation: { name } })
      const got = 'invocation' in made ? made.invocation.arguments?.parameters : []
      expect(Object.fromEntries(got?.map((p) => [p.name, p.value]) ?? [])).toEqual(vars)
    })
  })
})

function all(invocation: Partial<Invocation>) {
  const loop = loopItems({ name: 's', ...invocation })
  if ('problem' in loop) return loop.problem
  return Array.from({ length: loop.items.length }, (_, i) => loop.items.at(i))
}

test('what a loop is', () => {
  expect(isLoop({ name: 's' })).toBe(false)
  expect(isLoop({ name: 's', withItems: [] })).toBe(false)
  expect(isLoop({ name: 's', withItems: [1] })).toBe(true)
  expect(isLoop({ name: 's', withParam: '[]' })).toBe(true)
  expect(isLoop({ name: 's', withSequence: { count: '0' } })).toBe(true)
})

test('withParam is a JSON list', () => {
  expect(all({ withParam: ' [1, "a", {"k": [2]}] ' })).toEqual([1, 'a', { k: [2] }])
  expect(all({ withParam: 'null' })).toEqual([])
})

test('numbers keep the digits they are written with', () => {
  const loop = loopItems({ name: 's', withParam: '[12345678901234567890, 1.0, {"id": 1e3}]' })
  if ('problem' in loop) throw new Error(loop.problem)
  const step: Invocation = { name: 's', when: "'{{item}}' != ''" }
  const names = [0, 1, 2].map((i) => {
    const made = itemInvocation(step, loop.items.at(i) ?? null, i, new Scope())
    return 'invocation' in made && `${made.invocation.name} ${made.invocation.when}`
  })
  expect(names).toEqual([
    "s(0:12345678901234567890) '12345678901234567890' != ''",
    "s(1:1.0) '1.0' != ''",
    "s(2:id:1e3) '{\"id\":1e3}' != ''",
  ])
})

test.each([
  ['{"a":1}', 'json: cannot unmarshal object into Go value of type []v1alpha1.Item'],
  ['"x"', 'json: cannot unmarshal string into Go value of type []v1alpha1.Item'],
  ['hello', "invalid character 'h' looking for beginning of value"],
  ['[1,', 'unexpected end of JSON input'],
])('withParam %s is refused', (withParam, why) => {
  expect(all({ withParam })).toBe(
    `withParam value could not be parsed as a JSON list: ${withParam}: ${why}`,
  )
})

test('items that cannot be made do no harm when the step does not run anyway', () => {
  expect(all({ withParam: '{{steps.a.outputs.result}}', when: 'false' })).toEqual([])
  expect(all({ withSequence: { count: 'x' }, when: '1 > 2' })).toEqual([])
})

test.each([
  [{ count: '3' }, ['0', '1', '2']],
  [{ count: 3, start: '5' }, ['5', '6', '7']],
  [{ start: '1', end: '3' }, ['1', '2', '3']],
  [{ start: '3', end: '1' }, ['3', '2', '1']],
  [{ end: '0' }, ['0']],
  [{ count: '0' }, []],
  [{ count: '2', format: 'item-%03d' }, ['item-000', 'item-001']],
  [{ start: '10', end: '11', format: '%X' }, ['A', 'B']],
  [{ count: '1', format: '%s' }, ['%!s(int=0)']],
  [{ count: '1', format: 'a\\t%d' }, ['a\t0']],
])('withSequence %j', (withSequence, items) => {
  expect(all({ withSequence })).toEqual(items)
})

test.each([
  [{ count: 'x' }, 'strconv.Atoi: parsing "x": invalid syntax'],
  [{ start: '', end: '1' }, 'strconv.Atoi: parsing "": invalid syntax'],
  [{ start: '1' }, 'neither end nor count was specified in withSequence'],
])('withSequence %j is refused', (withSequence, problem) => {
  expect(all({ withSequence })).toBe(problem)
})

test('a loop of more than a million items is refused before any of them is made', () => {
  const advice = 'split it into several loops or workflows'
  expect(all({ withSequence: { count: '1000000000' } })).toBe(
    `withSequence gives 1000000000 items, more than the 1000000 that one loop may have: ${advice}`,
  )
  const withParam = `[${'1,'.repeat(1_000_000)}1]`
  expect(all({ withParam })).toBe(
    `withParam gives 1000001 items, more than the 1000000 that one loop may have: ${advice}`,
  )
  const loop = loopItems({ name: 's', withSequence: { count: '1000000' } })
  expect('items' in loop && loop.items.at(999_999)).toBe('999999')
  expect('items' in loop && loop.items.at(1_000_000)).toBeUndefined()
})

describe('the invocation of an item', () => {
  const scope = new Scope()
  scope.set('inputs.parameters.p', 'P')
  const step: Invocation = {
    name: 's',
    template: 't-{{item}}',
    withItems: [{ k: 'v' }],
    when: "'{{item.k}}' == 'v'",
    arguments: {
      parameters: [
        { name: 'a', value: '{{item.k}} {{inputs.parameters.p}}' },
        { name: 'b', value: '{{=item.k + inputs.parameters.p}}' },
      ],
    },
  }

  test('has the item in its place and nothing left to loop over', () => {
    expect(itemInvocation(step, { k: 'v' }, 4, scope)).toEqual({
      invocation: {
        name: 's(4:k:v)',
        template: 't-{{item}}',
        when: "'v' == 'v'",
        arguments: {
          parameters: [
            { name: 'a', value: 'v P' },
            { name: 'b', value: 'vP' },
          ],
        },
      },
    })
  })

  test('must be complete', () => {
    const always: Invocation = { ...step, when: '{{item.k}} == v' }
    expect(itemInvocation(always, { other: 'v' }, 0, scope)).toEqual({
      problem: 'failed to resolve {{item.k}}',
    })
  })

  test('need not be complete when it will not run', () => {
    const never: Invocation = { ...step, when: 'false' }
    expect(itemInvocation(never, { other: 'v' }, 0, scope)).toMatchObject({
      invocation: { arguments: { parameters: [{ value: '{{item.k}} P' }, {}] } },
    })
  })

  test('leaves to hooks what only they will know', () => {
    const value = '{{item}} {{steps.s.outputs.result}}'
    const hooks = { exit: { template: 'x', arguments: { parameters: [{ name: 'r', value }] } } }
    expect(itemInvocation({ name: 's', hooks }, 'i', 0, scope)).toMatchObject({
      invocation: {
        hooks: { exit: { arguments: { parameters: [{ value: 'i {{steps.s.outputs.result}}' }] } } },
      },
    })
  })
})
