import { afterAll, beforeAll, expect, it } from 'vitest'
import { Cli } from './cli.ts'

let cli: Cli

beforeAll(async () => {
  cli = await Cli.open()
})
afterAll(() => cli[Symbol.asyncDispose]())

/** Two steps, whose pods go when they have ended; the second fails when the word is `fail`. */
function twoSteps(name: string, labels: object = {}): string {
  const step = (one: string) => [{ name: one, template: one }]
  const container = (script: string) => ({
    image: 'alpine:3.20',
    command: ['sh', '-c'],
    args: [script],
  })
  return JSON.stringify({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name, labels },
    spec: {
      entrypoint: 'main',
      podGC: { strategy: 'OnPodCompletion' },
      arguments: { parameters: [{ name: 'word', value: 'hello' }] },
      templates: [
        { name: 'main', steps: [step('a'), step('b')] },
        { name: 'a', container: container('echo "a {{workflow.parameters.word}}"') },
        { name: 'b', container: container('echo b; [ {{workflow.parameters.word}} != fail ]') },
      ],
    },
  })
}

/** Asks again until the server has heard what happened. */
async function until(line: string, isSo: (text: string) => boolean): Promise<string> {
  for (;;) {
    const { stdout } = await cli.run(line)
    if (isSo(stdout)) return stdout
    await new Promise(setImmediate)
  }
}

it('shows logs of pods and of workflows that are gone', async () => {
  await cli.says('submit - --wait', twoSteps('gone'))
  const lines = /^gone-a-\d+: a hello\ngone-b-\d+: b\n$/
  await until('logs gone', (text) => lines.test(text))
  expect(await cli.says('logs gone --grep ^b')).toMatch(/^gone-b-\d+: b\n$/)
  const grepped = `logs gone --all-containers --all-attempts --grep ^a\\s\\Qhello\\E$`
  expect(await cli.says(grepped)).toMatch(/^gone-a-\d+ main: a hello\n$/)
  expect(await cli.says('logs gone --timestamps --grep ^b')).toMatch(/^gone-b-\d+: 2\S+Z b\n$/)
  expect(await cli.run('logs gone --grep (')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('error parsing regexp: missing closing )'),
  })
  expect(await cli.says('logs gone --all-containers --all-attempts')).toMatch(
    /^gone-a-\d+ main: a hello\ngone-b-\d+ main: b\n$/,
  )
  await cli.says('delete gone')
  expect(await cli.says('logs gone')).toMatch(lines)
  expect(await cli.run('logs never')).toMatchObject({
    code: 1,
    stderr: 'argosy: workflows.argoproj.io "never" not found\n',
  })
})

it('lists, gets and deletes what has ended', async () => {
  await cli.says('submit - --wait', twoSteps('kept', { team: 'data' }))
  await cli.says('delete kept')
  await until('archive list -l team=data -o name', (text) => text === 'kept\n')
  expect(await cli.says('archive list -l team=data')).toMatch(
    /^NAMESPACE {3}NAME {3}STATUS .* PARAMETERS +UID\ndefault +kept +Succeeded .* word=hello +[0-9a-f-]{36}\n$/,
  )
  const search = ['archive', 'list', '-o', 'name', '--chunk-size', '1', '--query']
  expect(await cli.says([...search, 'label.team=data param.word=hello status=succeeded'])).toBe(
    'kept\n',
  )
  expect(await cli.run([...search, 'stauts=failed'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^argosy: query: there is no field stauts: did you mean status\?/,
    ),
  })
  expect(await cli.says('archive get kept')).toMatch(
    /^Name: {16}kept\nNamespace: {11}default\nServiceAccount: {6}unset .*\nStatus: {14}Succeeded\nCreated: .*\nStarted: .*\nFinished: .*\nDuration: .*\n$/,
  )
  const { metadata, status } = JSON.parse(await cli.says('archive get kept -o json'))
  expect(Object.keys(status.nodes)).toHaveLength(5)
  expect(await cli.says(`archive get ${metadata.uid} -o yaml`)).toContain('name: kept\n')
  expect(await cli.says('archive list-label-keys')).toMatch(/^team$/m)
  expect(await cli.says('archive list-label-values -l team')).toBe('data\n')
  expect(await cli.says('archive delete kept')).toBe("Archived workflow 'kept' deleted\n")
  expect(await cli.run('archive get kept')).toMatchObject({
    code: 1,
    stderr: "argosy: resolve UID: archived workflow 'kept' not found\n",
  })
})

it('retries and resubmits what is gone', async () => {
  await cli.run('submit - --wait -p word=fail', twoSteps('again'))
  await cli.says('delete again')
  await until('archive list -o name', (text) => text.includes('again\n'))
  const retried = await cli.run('archive retry again -p word=well -o name --wait')
  expect(retried).toEqual({ code: 0, stdout: 'again\n', stderr: '' })
  await until('archive list -o name', (text) => text.split('again\n').length === 3)
  const two = await cli.run('archive resubmit again')
  expect(two.code).toBe(1)
  expect(two.stderr).toMatch(
    /Multiple archived workflows found with name 'again':\n {2}[0-9a-f-]{36} \(Created: /,
  )
  const [uid] = /[0-9a-f-]{36}/.exec(two.stderr) ?? []
  const fresh = await cli.says(`archive resubmit ${uid} -o name -p word=new --wait`)
  expect(fresh).toMatch(/^again-\w{5}\n$/)
  expect(await cli.run('archive retry')).toMatchObject({
    code: 2,
    stderr: 'argosy: requires either selector or workflow\n',
  })
})
