import { describe, expect, test } from 'vitest'
import { parseYaml, placeOf } from './yaml-problems.ts'

const text = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
spec:
  entrypoint: main
  templates:
    - name: main
      steps:
        - - name: hello
            template: helo
`

const lineOf = ({ from }: { readonly from: number }) => text.slice(0, from).split('\n').length

describe('a refusal', () => {
  test.each([
    ["templates.main.steps[0].hello template name 'helo' undefined", 8],
    ['spec.templates[0].name is required', 6],
    ['templates.gone.steps', 6],
    ['something else', 1],
  ])('%s points at line %i', (message, line) => {
    expect(lineOf(placeOf(text, message))).toBe(line)
  })
})

test('a broken text says where it is broken', () => {
  const { problems, value } = parseYaml('a: [1, 2\nb: }')
  expect(value).toBeUndefined()
  expect(problems.length).toBeGreaterThan(0)
})

test('a good text is its object', () => {
  expect(parseYaml('a: 1')).toEqual({ value: { a: 1 }, problems: [] })
})
