import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { plain } from '../output/paint.ts'
import { type LintOptions, lint } from './lint.ts'
import { hasPassed, type LintFormat, lintText } from './lint-report.ts'

const head = 'apiVersion: argoproj.io/v1alpha1\n'

const manifests = `${head}kind: Workflow
metadata: {name: user}
spec:
  entrypont: main
  entrypoint: main
  templates:
  - name: main
    steps: [[{name: a, templateRef: {name: lib, template: sey}}]]
---
${head}kind: WorkflowTemplate
metadata: {name: lib}
spec:
  templates:
  - name: say
    container: {image: alpine}
---
apiVersion: v1
kind: Service
metadata: {name: x}
---
- broken: [
`

const about = { paint: plain, version: '1.2.3' }
const all: LintOptions = { kinds: [], strict: true }

function stdin(text: string): NodeJS.ReadableStream {
  const stream = new PassThrough()
  stream.end(text)
  return stream
}

async function linted(format: LintFormat, options: Partial<typeof all> = {}, text = manifests) {
  const report = await lint(['-'], { ...all, ...options }, { stdin: stdin(text) })
  return { passed: hasPassed(report), text: lintText(report, format, about) }
}

it('pretty: by file, with the place and what stands there, and upstream’s last line', async () => {
  const { passed, text } = await linted('pretty')
  expect(passed).toBe(false)
  expect(text).toMatchInlineSnapshot(`
    "stdin:
       ✖ stdin:5:3: in "user" (Workflow): unknown field "entrypont"; did you mean "entrypoint"? (schema)
          5 |   entrypont: main
            |   ^
       ✖ stdin:9:24: in "user" (Workflow): templates.main.steps[0].a template reference lib.sey not found; did you mean "say"? (validate)
          9 |     steps: [[{name: a, templateRef: {name: lib, template: sey}}]]
            |                        ^
       ✖ stdin:24:1: Flow sequence in block collection must be sufficiently indented and end with a ] (yaml)
            expected: the same indentation as the lines that belong together
          24 | 
             | ^

    passed over: 1 Service
    ✖ 3 linting errors found!
    "
  `)
})

it('simple: a line each', async () => {
  expect((await linted('simple')).text).toMatchInlineSnapshot(`
    "stdin:5:3: in "user" (Workflow): unknown field "entrypont"; did you mean "entrypoint"? (schema)
    stdin:9:24: in "user" (Workflow): templates.main.steps[0].a template reference lib.sey not found; did you mean "say"? (validate)
    stdin:24:1: Flow sequence in block collection must be sufficiently indented and end with a ] (yaml)
    "
  `)
})

it('json: all that is known', async () => {
  const { success, findings, passedOver, objects } = JSON.parse((await linted('json')).text)
  expect({ success, passedOver, objects }).toEqual({
    ...{ success: false, passedOver: { Service: 1 }, objects: 2 },
  })
  expect(findings.map((one: { rule: string }) => one.rule)).toEqual(['schema', 'validate', 'yaml'])
  expect(findings[0]).toMatchObject({
    ...{ file: 'stdin', line: 5, column: 3, path: 'spec.entrypont' },
    object: { kind: 'Workflow', name: 'user' },
  })
})

it('sarif: for code scanners', async () => {
  const { version, runs } = JSON.parse((await linted('sarif')).text)
  expect(version).toBe('2.1.0')
  expect(runs[0].tool.driver.rules).toHaveLength(5)
  expect(runs[0].results[0]).toEqual({
    ruleId: 'schema',
    level: 'error',
    message: { text: expect.stringContaining('did you mean "entrypoint"') },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'stdin' },
          region: { startLine: 5, startColumn: 3 },
        },
      },
    ],
  })
})

it('github: annotations, with what GitHub wants escaped', async () => {
  const [first] = (await linted('github')).text.split('\n')
  expect(first).toMatch(
    /^::error file=stdin,line=5,col=3,title=argosy lint%3A schema::in "user" \(Workflow\): unknown field/,
  )
})

it('kinds that are not asked for are passed over, also their mistakes', async () => {
  const report = await linted(
    'pretty',
    { kinds: ['workflowtemplates'] },
    manifests.split('- broken')[0],
  )
  expect(report).toEqual({
    passed: true,
    text: 'passed over: 1 Service, 1 Workflow\n✔ no linting errors found!\n',
  })
  await expect(linted('pretty', { kinds: ['pods'] })).rejects.toThrow('unknown kind: pods')
})

it('without strictness unknown fields are no mistakes', async () => {
  expect((await linted('simple', { strict: false })).text).not.toContain('unknown field')
})

it('nothing to check is a failure, as upstream has it', async () => {
  expect(await linted('pretty', {}, 'apiVersion: v1\nkind: Service\n')).toEqual({
    passed: false,
    text: 'passed over: 1 Service\n✖ found nothing to lint in the specified paths, failing...\n',
  })
  expect((await linted('simple', {}, '')).text).toBe(
    'found nothing to lint in the specified paths, failing...\n',
  )
})

it('a workflow may be linted without the arguments it is submitted with', async () => {
  const text = `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: asks}
spec:
  entrypoint: m
  arguments: {parameters: [{name: who}]}
  templates: [{name: m, container: {image: i, args: ['{{workflow.parameters.who}}']}}]
`
  expect((await linted('simple', {}, text)).passed).toBe(true)
})

it('the manifest of a resource template must be YAML', async () => {
  const text = `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: makes}
spec:
  entrypoint: m
  templates: [{name: m, resource: {action: create, manifest: 'a: ['}}]
`
  const report = await linted('simple', {}, text)
  expect(report.text).toContain('templates.m.resource.manifest must be a valid yaml')
})

it.each([
  ['name: t, template: a', `couldn't find workflow template "t" in namespace "there"`],
  ['name: t, template: a, clusterScope: true', `couldn't find cluster workflow template "t"`],
])('a template that is in none of the files: %s', async (ref, message) => {
  const text = `${head}kind: Workflow
metadata: {name: user, namespace: there}
spec:
  entrypoint: main
  templates:
  - name: main
    steps: [[{name: a, templateRef: {${ref}}}]]
`
  const report = await linted('simple', {}, text)
  expect(report.text).toContain(`templates.main.steps[0].a ${message} (validate)`)
})
