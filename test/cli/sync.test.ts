import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cli, performed } from './cli.ts'

describe.each(['kubernetes', 'argo'] as const)('limits, by the API of %s', (way) => {
  let cli: Cli
  beforeAll(async () => {
    cli = await Cli.open(way)
  })
  afterAll(() => cli[Symbol.asyncDispose]())

  const kinds = [
    ['--type configmap --cm-name limits', 'Type: configmap\nConfigMap Name: limits\n'],
    ['--type DATABASE', 'Type: database\n'],
  ] as const

  it.each(kinds)('are made, shown, changed and deleted: %s', async (where, type) => {
    const text = (limit: number) => `Key: k\n${type}Namespace: default\nLimit: ${limit}\n`
    expect(await cli.says(`sync create k ${where} --limit 3`)).toBe(
      `Sync limit created\n${text(3)}`,
    )
    expect(await cli.says(`sync get k ${where}`)).toBe(text(3))
    expect(await cli.says(`sync update k ${where} --limit 5`)).toBe(
      `Sync limit updated\n${text(5)}`,
    )
    const again = await cli.run(`sync create k ${where} --limit 3`)
    expect([again.code, again.stderr]).toEqual([
      1,
      expect.stringMatching(/^argosy: failed to create sync limit: .*already exists/),
    ])
    expect(await cli.says(`sync delete k ${where}`)).toBe('Sync limit deleted\n')
    const gone = await cli.run(`sync get k ${where}`)
    expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining('not found')])
  })
})

it.each([
  ['get k --type configmap', 2, '--cm-name is required when type is configmap'],
  ['get k --type file', 2, "--type must be either 'database' or 'configmap'"],
  ['get k', 2, "required option '--type <type>' not specified"],
  ['create k --type database', 2, "required option '--limit <number>' not specified"],
])('sync %s ends with %i', async (line, expected, words) => {
  const { code, stderr } = await performed(['sync', ...line.split(' ')])
  expect([code, stderr]).toEqual([expected, expect.stringContaining(words)])
})

it('convert prints what files hold in the forms of today', async () => {
  const old = `# a schedule
apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
metadata: {name: a}
spec: {schedule: "0 1 * * *", workflowSpec: {synchronization: {mutex: {name: m}}}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}
`
  const yaml = await performed(['convert', '-'], old)
  expect(yaml).toEqual({
    code: 0,
    stderr: '',
    stdout: `---
apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
metadata:
  name: a
spec:
  schedules:
    - 0 1 * * *
  workflowSpec:
    synchronization:
      mutexes:
        - name: m
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: b
`,
  })
  const json = await performed(['convert', '-', '-o', 'json'], old)
  expect(
    json.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).kind),
  ).toEqual(['CronWorkflow', 'ConfigMap'])
  const broken = await performed(['convert', '-'], 'a: [')
  expect([broken.code, broken.stdout]).toEqual([1, ''])
})
