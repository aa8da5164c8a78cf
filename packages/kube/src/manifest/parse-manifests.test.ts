import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseManifests } from './parse-manifests.ts'
import { renderProblem } from './render-problem.ts'

const objects = (text: string) =>
  parseManifests(text, 'f.yaml').documents.map((each) => each.object)
const problems = (text: string) =>
  parseManifests(text, 'f.yaml').problems.map(
    ({ line, column, message }) => `${line}:${column}: ${message}`,
  )

test('binary data that is none has a place', () => {
  expect(problems('a: !!binary "%%"')).toEqual([
    '1:13: !!binary value contains invalid base64 data',
  ])
})

describe('what sigs.k8s.io/yaml reads, we read alike', () => {
  test.each<readonly [string, string, unknown[]]>([
    ['several documents', 'a: 1\n---\n# nothing\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
    ['a block that ends without a line break', 'a: |\n  x\n  y', [{ a: 'x\ny' }]],
    ['a kept one too', 'a: |+\n  x\n  ', [{ a: 'x\n' }]],
    ['no document', '# only a comment\n', []],
    [
      'JSON',
      '{"a": "\\u00e9", "b": [1, 2.5, null], "c": "\\/"}',
      [{ a: 'é', b: [1, 2.5, null], c: '/' }],
    ],
    ['Windows line ends', 'a: 1\r\nb: |\r\n  x\r\n  y\r\n', [{ a: 1, b: 'x\ny\n' }]],
    ['a byte order mark', '\uFEFFa: 1', [{ a: 1 }]],
    ['the last of two equal keys', 'a: 1\na: 2', [{ a: 2 }]],
    ['keys that are not text', 'n: 1\n1.5: x\ntrue: z', [{ false: 1, '1.5': 'x', true: 'z' }]],
    [
      'quoted text that is indented too little',
      'a:\n    b: "x\n  y"\n    c: \'p\nq\'',
      [{ a: { b: 'x y', c: 'p q' } }],
    ],
    ['a flow list that is indented too little', 'a:\n  b: [1,\n2]\n', [{ a: { b: [1, 2] } }]],
    ['an alias', 'a: &x [1, 2]\nb: *x', [{ a: [1, 2], b: [1, 2] }]],
    [
      'the anchor that stands last before the alias',
      'a: &x 1\nb: &x 2\nc: *x',
      [{ a: 1, b: 2, c: 2 }],
    ],
    [
      'a merge before its keys',
      'a: &x {k: 1, j: 2}\nb:\n  <<: *x\n  k: 0',
      [{ a: { k: 1, j: 2 }, b: { k: 0, j: 2 } }],
    ],
    [
      'a merge after its keys',
      'a: &x {k: 1}\nb:\n  k: 0\n  <<: *x',
      [{ a: { k: 1 }, b: { k: 1 } }],
    ],
    [
      'several merges',
      'a: &x {k: 1}\nc: &y {k: 2, z: 3}\nb: {<<: [*x, *y]}',
      [{ a: { k: 1 }, c: { k: 2, z: 3 }, b: { k: 1, z: 3 } }],
    ],
    ['a quoted <<', '"<<": {a: 1}', [{ '<<': { a: 1 } }]],
    [
      'tags',
      'a: !!str 1\nb: !!int "3"\nc: !!binary aGk=\nd: !mine 12\ne: !!timestamp 2001-01-01',
      [{ a: '1', b: 3, c: 'hi', d: '12', e: '2001-01-01' }],
    ],
  ])('%s', (_, text, want) => {
    expect(objects(text)).toEqual(want)
    expect(problems(text)).toEqual([])
  })
})

test('a text is read in the time of its length, also one of a single line', () => {
  const line = 'x'.repeat(1_000_000)
  expect(objects(`a: ${line}\n`)).toEqual([{ a: line }])
  expect(objects(`a: |\n  ${line}`)).toEqual([{ a: line }])
})

test.each([
  ['%x: 1', 'Missing directives-end indicator line'],
  ['%x: 1\na: 2\n', 'Missing directives-end/doc-start indicator line'],
  ['%x: 1\n---\na: 2\n', 'Unknown directive %x:'],
])('a text that begins with a percent sign is no empty one: %j', (text, message) => {
  expect(parseManifests(text, 'f.yaml').problems).toMatchObject([{ message }])
})

test('what YAML itself says of a text is no mistake', () => {
  const text = '%YAML 1.1\n%TAG ! tag:x,2000:\n---\nkind: K\n'
  const { documents, problems: found } = parseManifests(text, 'f.yaml')
  expect(documents.map(({ object }) => object)).toEqual([{ kind: 'K' }])
  expect(found).toEqual([])
})

test('a key named __proto__ is only a key', () => {
  expect(JSON.stringify(objects('__proto__: {x: 1}'))).toBe('[{"__proto__":{"x":1}}]')
})

describe('a List', () => {
  const text = 'kind: List\nitems:\n- kind: A\n  metadata: {name: x}\n- kind: B\n'

  test('stands for its items, each with its own positions', () => {
    const { documents } = parseManifests(text, 'f.yaml')
    expect(documents.map(({ object, index }) => [object['kind'], index])).toEqual([
      ['A', 0],
      ['B', 1],
    ])
    expect(documents[0]!.positionOf('metadata.name')).toEqual({ line: 4, column: 14 })
    expect(documents[1]!.positionOf('kind')).toEqual({ line: 5, column: 3 })
  })
})

test('of a key that stands twice is said where, once, and not of what a merge brings', () => {
  const repeated = (text: string) =>
    parseManifests(text, 'f.yaml').repeated.map(
      ({ line, column, message, expected }) => `${line}:${column}: ${message} (${expected})`,
    )
  expect(repeated('a: 1\nb:\n  c: 1\n  "c": 2\n')).toEqual([
    '4:3: key "c" is already set in this mapping (each key once; the first is in line 3)',
  ])
  expect(repeated('x: &x {k: 1}\ny: {<<: *x, k: 2}\nz: *x\n')).toEqual([])
  expect(repeated('x: &x {k: 1, k: 2}\nz: *x\n')).toHaveLength(1)
})

describe('mistakes in the text', () => {
  test.each([
    ['a: b: c', '1:4: Nested mappings are not allowed in compact mappings'],
    ['a:\n\t- b', '2:1: Tabs are not allowed as indentation'],
    ["a: 'b", "1:6: Missing closing 'quote"],
    ['a: 1\n b: 2', '1:4: Nested mappings'],
    ['- 1', '1:1: expected an object, got a list'],
    ['a: .inf', '1:4: .inf has no place in JSON'],
    ['a: *nope', '1:4: '],
    ['a: &a [*a]', '1:8: anchor "a" contains itself'],
    ['null: 1', '1:1: null cannot be a key'],
    ['[1, 2]: x', '1:1: a mapping or a list cannot be a key'],
    ['<<: 1', '1:5: this cannot be merged with <<'],
  ])('%j is refused where it is wrong', (text, want) => {
    expect(problems(text)).toHaveLength(1)
    expect(problems(text)[0]).toContain(want)
  })

  test('one bad document leaves the others alone', () => {
    const { documents, problems } = parseManifests('a: 1\n---\nb: [\n---\nc: 3\n', 'f.yaml')
    expect(documents.map(({ object }) => object)).toEqual([{ a: 1 }, { c: 3 }])
    expect(problems).toHaveLength(1)
  })

  test('aliases of aliases do not fill the memory', () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]`,
    )
    const text = `a0: &a0 [x]\n${levels.join('\n')}\n`
    expect(problems(text)[0]).toContain('repeats aliases excessively')
  })

  test('a very deep document is refused, not a crash', () => {
    expect(parseManifests(`a: ${'['.repeat(100_000)}`, 'f').problems.length).toBeGreaterThan(0)
  })
})

describe('positionOf', () => {
  const text = `metadata:
  labels: {"a.b/c": d}
base: &base
  image: x
spec:
  <<: *base
  templates:
    - name: main
      steps:
        - - name: one
            template: nope
`
  const { documents } = parseManifests(text, 'f.yaml')
  const at = (path: string) => {
    const { line, column } = documents[0]!.positionOf(path)
    return `${line}:${column}`
  }

  test.each([
    ['', '1:1'],
    ['spec', '5:1'],
    ['spec.templates[0]', '8:7'],
    ['spec.templates[0].steps[0][0].template', '11:13'],
    ['spec.templates[0].steps[0][0].arguments.parameters[3]', '10:13'],
    ['spec.templates[7].name', '7:3'],
    ['spec.image', '6:3'],
    ['metadata.labels["a.b/c"]', '2:12'],
    ['status.nodes', '1:1'],
  ])('%j is at %s', (path, want) => {
    expect(at(path)).toBe(want)
  })
})

test('a problem is shown with its line and a caret', () => {
  const text = 'spec:\n  templats: []\n'
  const problem = { file: 'w.yaml', line: 2, column: 3, message: 'unknown field "templats"' }
  expect(renderProblem(problem, text)).toBe(
    ['w.yaml:2:3: unknown field "templats"', '2 |   templats: []', '  |   ^'].join('\n'),
  )
  expect(renderProblem({ ...problem, line: 9, expected: 'templates' }, text)).toBe(
    'w.yaml:9:3: unknown field "templats"\n  expected: templates',
  )
})

const yamlish = fc
  .array(
    fc.constantFrom(
      ...'ab:-?[]{},&*!|>\'"#%@`\n\n   \t01<~.'.split(''),
      'x: ',
      '- ',
      '---\n',
      '<<: *a',
      '&a ',
    ),
  )
  .map((parts) => parts.join(''))

test('no text makes it throw, and every position is inside the text', () => {
  fc.assert(
    fc.property(fc.oneof(yamlish, fc.string()), (text) => {
      const { documents, problems } = parseManifests(text, 'f')
      const lines = text.split('\n').length
      for (const { positionOf } of documents)
        expect(positionOf('a.b[0]').line).toBeLessThanOrEqual(lines)
      for (const { line } of problems) expect(line).toBeLessThanOrEqual(lines)
    }),
    { numRuns: 2000 },
  )
})

test('any JSON object is read as itself', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), (object) => {
      const json = JSON.stringify(object)
      expect(objects(json)).toEqual(json === '{}' ? [{}] : [JSON.parse(json)])
    }),
  )
})
