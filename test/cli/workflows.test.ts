import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cli } from './cli.ts'

describe.each(['kubernetes', 'argo'] as const)('by the API of %s', (way) => {
  let cli: Cli

  beforeAll(async () => {
    cli = await Cli.open(way)
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
    const said = await cli.says(
      'submit - --generate-name third- -o name --log',
      hello({ name: '' }),
    )
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
      code: 2,
      stderr: 'argosy: --dry-run should have an output option\n',
    })
  })

  it.each([
    [
      'why first nothing',
      1,
      way === 'argo' ? '' : 'first has no node "nothing": `argosy get first` shows them',
    ],
    ['logs first nothing', 1, 'first had no pod "nothing": `argosy get first` shows them'],
    ['logs first --since-time today', 2, 'expected a time as 2026-01-02T15:04:05Z'],
    ['list --status Fialed', 2, 'Fialed is none of Pending, Running, Succeeded, Failed, Error'],
    ['list --since soon', 2, '--since soon: expected a time as 30s, 10m, 3h or 1d'],
    ['list --query (', 2, '--query: '],
    ['delete', 2, 'requires either a workflow'],
    ['submit', 2, 'expected a FILE to submit'],
    ['cp first somewhere', 0, 'first has no such artifacts'],
  ])('%s ends with %i and says why', async (line, code, words) => {
    const said = await cli.run(line)
    expect([said.code, said.stdout, said.stderr]).toEqual([
      code,
      '',
      expect.stringContaining(words),
    ])
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

  /** Waits for somebody, who may say a word; then fails unless it is a good one. */
  function waiting(name: string): string {
    return JSON.stringify({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Workflow',
      metadata: { name, labels: { test: 'waiting' } },
      spec: {
        entrypoint: 'main',
        arguments: { parameters: [{ name: 'good', value: 'yes' }] },
        templates: [
          {
            name: 'main',
            steps: [
              [{ name: 'approve', template: 'approve' }],
              [
                {
                  name: 'check',
                  template: 'check',
                  arguments: {
                    parameters: [
                      { name: 'word', value: '{{steps.approve.outputs.parameters.word}}' },
                    ],
                  },
                },
              ],
            ],
          },
          {
            name: 'approve',
            suspend: {},
            outputs: { parameters: [{ name: 'word', valueFrom: { default: 'no', supplied: {} } }] },
          },
          {
            name: 'check',
            inputs: { parameters: [{ name: 'word' }] },
            container: {
              image: 'alpine:3.20',
              command: ['sh', '-c'],
              args: ['[ {{inputs.parameters.word}} = {{workflow.parameters.good}} ]'],
            },
          },
        ],
      },
    })
  }

  /** Until the server has got that far. */
  async function until(name: string, text: RegExp): Promise<void> {
    for (let left = 200; left > 0; left--) {
      if (text.test(await cli.says(['get', name]))) return
    }
    throw new Error(`${name} never said ${text}`)
  }

  it('sets a waiting node, and retries what failed with another parameter', async () => {
    await cli.says('submit - -o name', waiting('ask'))
    await until('ask', /Running \(Suspended\)/)
    expect((await cli.run('node set ask')).stderr).toMatch(/use a node field selector/)
    const set = ['node', 'set', 'ask', '--node-field-selector', 'displayName=approve']
    expect((await cli.run([...set, '--phase', 'Odd'])).stderr).toMatch(/Odd is an invalid phase/)
    await cli.says([...set, '-p', 'word="no"', '--phase', 'Succeeded', '-m', 'well'])
    expect((await cli.run('wait ask')).code).toBe(1)
    expect(await cli.says('retry ask -p good=no --wait -o name')).toBe('ask\n')
    expect(await cli.says('get ask')).toMatch(/✔ approve .*well/)
    expect((await cli.run('retry ask')).stderr).toMatch(/To retry a succeeded workflow/)
  })

  it('suspends, resumes, stops and terminates, by name and by labels', async () => {
    await cli.says('submit - -o name', waiting('halt'))
    await until('halt', /Suspended/)
    expect(await cli.says('suspend halt')).toBe('workflow halt suspended\n')
    expect(JSON.parse(await cli.says('get halt -o json')).spec.suspend).toBe(true)
    expect(
      await cli.says('terminate -l test=waiting --field-selector metadata.name=halt --dry-run'),
    ).toBe('workflow halt terminated (dry-run)\n')
    expect(await cli.says('resume halt')).toBe('workflow halt resumed\n')
    expect(await cli.run('wait halt')).toMatchObject({ code: 1, stdout: /^halt Failed at/ })
    expect((await cli.run('suspend halt')).stderr).toMatch(/cannot suspend completed workflows/)
    await cli.says('submit - -o name', waiting('stop'))
    await until('stop', /Suspended/)
    expect(await cli.says('stop stop --message enough')).toBe('workflow stop stopped\n')
    expect(await cli.run('wait stop')).toMatchObject({ code: 1, stdout: /^stop Failed at/ })
    expect((await cli.run('stop halt')).stderr).toMatch(/cannot shutdown a completed workflow/)
    expect((await cli.run('resume nowhere')).stderr).toMatch(/"nowhere" not found/)
    expect((await cli.run('stop')).stderr).toMatch(/requires either selector or workflow/)
  })

  it('resubmits under a new name, and watches until the end', async () => {
    const fresh = (await cli.says('resubmit ask -o name')).trim()
    expect(fresh).toMatch(/^ask-\w{5}$/)
    const watched = cli.says(['watch', fresh])
    await until(fresh, /Suspended/)
    await cli.says(['terminate', fresh])
    expect(await watched).toMatch(/Status: {14}Failed \(Terminated\)/)
    const memoized = (await cli.says(['resubmit', '--memoized', fresh, '-o', 'name'])).trim()
    expect(memoized).toMatch(/^ask-\w{5}$/)
    expect((await cli.run('resubmit --memoized ask')).stderr).toMatch(/must be Failed\/Error/)
  })
})
