import { afterAll, beforeAll, expect, it } from 'vitest'
import { Cli } from './cli.ts'

let cli: Cli

beforeAll(async () => {
  cli = await Cli.open()
})
afterAll(() => cli[Symbol.asyncDispose]())

/** Says a parameter, or fails when it is `fail`. */
function hello(metadata: object): string {
  return JSON.stringify({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata,
    spec: {
      entrypoint: 'main',
      arguments: { parameters: [{ name: 'word', value: 'hello' }] },
      templates: [
        { name: 'main', steps: [[{ name: 'say', template: 'say' }]] },
        {
          name: 'say',
          container: {
            image: 'alpine:3.20',
            command: ['sh', '-c'],
            args: [
              'echo one; echo "two {{workflow.parameters.word}}"; [ {{workflow.parameters.word}} != fail ]',
            ],
          },
        },
      ],
    },
  })
}

it('submits from a file, waits, and says how it ended', async () => {
  const file = await cli.place.file('hello.json', hello({ name: 'first' }))
  const submitted = await cli.says(['submit', file, '-p', 'word=world', '-l', 'team=a', '--wait'])
  expect(submitted).toMatch(/^Name: {16}first\nNamespace: {11}default\nServiceAccount: /)
  expect(submitted).toMatch(
    /\nStatus: {14}Pending\nCreated: {13}\w{3} \w{3} \d\d [\d:]{8} [+-]\d{4} \(.*\)\n/,
  )
  expect(submitted).toMatch(/\nParameters: {10}\n {2}word: {14}world\n/)
  expect(submitted).toMatch(/\nfirst Succeeded at \d{4}-\d\d-\d\d [\d:]{8} [+-]\d{4} \S+\n$/)
  expect(await cli.says('logs first')).toMatch(/^first-say-\d+: one\nfirst-say-\d+: two world\n$/)
  expect(await cli.says('logs first --grep two --tail 1')).toMatch(/^first-say-\d+: two world\n$/)
  expect(await cli.says('get first')).toMatch(
    /\n ✔ first {2,}main {2,}.*\n └───✔ say {2,}say {2,}first-say-\d+/,
  )
  expect(JSON.parse(await cli.says('get first -o json')).metadata.labels).toMatchObject({
    team: 'a',
  })
})

it('fails when what it waits for fails, and lists by phase', async () => {
  const said = await cli.run('submit - -o name --wait -p word=fail', hello({ name: 'second' }))
  expect(said).toEqual({ code: 1, stdout: 'second\n', stderr: '' })
  expect(await cli.run('wait second')).toMatchObject({ code: 1, stdout: /second Failed at/ })
  expect(await cli.says('list --status Failed -o name')).toBe('second\n')
  expect(await cli.says('list --completed --prefix sec --no-headers')).toMatch(
    /^second {3}Failed {3}/,
  )
  expect(await cli.says('list --running')).toBe('No workflows found\n')
  expect(await cli.says('list -A')).toMatch(
    /^NAMESPACE {3}NAME {5}STATUS {6}AGE {3}DURATION {3}PRIORITY {3}MESSAGE\n/,
  )
})

it('follows the log of a workflow until it has ended', async () => {
  const said = await cli.says('submit - --generate-name third- -o name --log', hello({ name: '' }))
  const [name = '', ...lines] = said.trimEnd().split('\n')
  expect(name).toMatch(/^third-\w{5}$/)
  expect(lines.map((line) => line.replace(/^\S+ /, ''))).toEqual(['one', 'two hello'])
  expect(await cli.says('get @latest -o name')).toBe(`${name}\n`)
})

it('a workflow that is wrong is refused before anything is written', async () => {
  const wrong = hello({ name: 'wrong' }).replace('"template":"say"', '"template":"sey"')
  const said = await cli.run('submit -', wrong)
  expect(said.code).toBe(1)
  expect(said.stderr).toMatch(/^argosy: failed to submit workflow: .*sey/)
  const dry = await cli.says('submit - --dry-run -o json', hello({ name: 'dry' }))
  expect(JSON.parse(dry).metadata).toEqual({ name: 'dry', namespace: 'default' })
  const server = await cli.says('submit - --server-dry-run -o json', hello({ name: 'dry' }))
  expect(JSON.parse(server).metadata.uid).toMatch(/-/)
  expect((await cli.run('get wrong')).stderr).toMatch(/"wrong" not found/)
  expect((await cli.run('get dry')).code).toBe(1)
  expect(await cli.run('submit - --dry-run', hello({}))).toMatchObject({
    code: 1,
    stderr: 'argosy: --dry-run should have an output option\n',
  })
})

it('deletes by name and by filter, and says what it would do', async () => {
  expect(await cli.says('delete first nowhere')).toBe(
    "Workflow 'first' deleted\nWorkflow 'nowhere' not found\n",
  )
  expect(await cli.says('delete --status Failed --dry-run')).toBe(
    "Workflow 'second' deleted (dry-run)\n",
  )
  expect(await cli.says('delete --older 1d')).toBe('No resources found\n')
  expect(await cli.says('-n default delete --prefix sec')).toBe("Workflow 'second' deleted\n")
  expect((await cli.run('delete')).stderr).toMatch(/requires either a workflow/)
})
