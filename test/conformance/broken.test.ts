import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Workplace } from '../e2e/argosy.ts'
import { broken } from './broken.table.ts'

const examples = fileURLToPath(new URL('../../docs/examples/', import.meta.url))

const fine = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { generateName: fine- }
spec:
  entrypoint: main
  templates:
  - { name: main, container: { image: busybox, command: ["true"] } }
`

describe('argosy run does not understand, says where and why, and ends with 2', () => {
  let place: Workplace
  beforeAll(async () => {
    place = await Workplace.open()
  })
  afterAll(() => place[Symbol.asyncDispose]())

  test.each(broken)('$what', async ({ what, text, says }) => {
    const name = `${what.replaceAll(/\W+/g, '-')}.yaml`
    const { code, stdout, stderr } = await place.run(['run', await place.file(name, text)])
    for (const words of says) expect(stderr).toContain(words)
    expect(stderr).toContain(name)
    expect(stderr.length).toBeLessThan(3000)
    expect(stderr).not.toMatch(/ at .*\(.*:\d+:\d+\)/)
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })

  test('a file that cannot be read', async () => {
    const { code, stderr } = await place.run(['run', '/proc/self/mem'])
    expect(stderr).toContain('/proc/self/mem: EIO')
    expect(code).toBe(2)
  })

  test('one broken file among good ones: nothing runs', async () => {
    const good = await place.file('good.yaml', fine)
    const bad = await place.file('bad.yaml', fine.replace('main\n', 'mian\n'))
    const { code, stdout, stderr } = await place.run(['run', good, bad])
    expect(stderr).toContain(`${bad}:5:3: template name 'mian' undefined`)
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })

  test('an image map with a rule that makes no sense', async () => {
    const images = await place.file('images.yaml', '# mine\n- match: "busybox*"\n  pth: [x]\n')
    const { code, stderr } = await place.run([
      'run',
      await place.file('a.yaml', fine),
      '--images',
      images,
    ])
    expect(stderr).toContain(`${images}:3:3: images[0].pth: unknown field`)
    expect(code).toBe(2)
  })
})

test('our example of an image map is one', async () => {
  await using place = await Workplace.open()
  const file = await place.file('a.yaml', fine)
  const { code, stderr } = await place.run(['run', file, '--images', `${examples}images.yaml`])
  expect(stderr).toBe('')
  expect(code).toBe(0)
})

test('a condition that nobody can read fails its step, as upstream’s does', async () => {
  await using place = await Workplace.open()
  const steps =
    '{ name: main, steps: [[{ name: a, template: leaf, when: "((" }]] }\n  - { name: leaf,'
  const text = fine.replace('{ name: main,', steps)
  const { code, stdout } = await place.run(['run', await place.file('a.yaml', text)])
  expect(stdout).toContain("Invalid 'when' expression '((': Unbalanced parenthesis")
  expect(code).toBe(1)
})
