import { spawnSync } from 'node:child_process'
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Workflow } from '@argosy/engine'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bin, chain, Workplace } from './argosy.ts'

const examples = fileURLToPath(new URL('../../examples/', import.meta.url))
const hello = `${examples}hello-world.yaml`

describe('argosy run', () => {
  let place: Workplace
  beforeEach(async () => {
    place = await Workplace.open()
  })
  afterEach(() => place[Symbol.asyncDispose]())

  it('runs a manifest to its end, shows what steps write, and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await place.run(['run', hello, '--log', '-p', 'whom=you'])
    expect(stdout).toMatch(/hello-world-\w{5}: hello you/)
    expect(stdout).toMatch(/✔ hello-world-\w{5} {2}Succeeded {2}\d+\.\ds\n$/)
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(await readdir(place.dir)).toEqual([])
  })

  it('prints the final Workflows and nothing else on standard output for programs', async () => {
    const { code, stdout, stderr } = await place.run(['run', hello, '-o', 'json'])
    const workflows = JSON.parse(stdout) as Workflow[]
    expect(workflows.map(({ kind, status }) => [kind, status?.phase])).toEqual([
      ['Workflow', 'Succeeded'],
    ])
    expect(stderr).toContain('Succeeded')
    expect(code).toBe(0)
  })

  it('runs on to its end when nobody reads any more, and leaves nothing behind', async () => {
    const slow = chain('slow-', place.dir, [
      { name: 'a', source: 'sleep 0.3' },
      { name: 'b', source: `echo done > ${place.path('done')}` },
    ])
    const started = place.start(['run', '-'], slow)
    await started.says('Running')
    started.child.stdout?.destroy()
    const { code, stderr } = await started.ended
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(await readdir(place.dir)).toEqual(['done'])
  })

  it('begins anew what was run before', async () => {
    const { stdout: ended } = await place.run(['run', hello, '-o', 'json'])
    const [before] = JSON.parse(ended) as [Workflow]
    const { code, stdout, stderr } = await place.run(
      ['run', '-', '-o', 'json'],
      JSON.stringify(before),
    )
    const [after] = JSON.parse(stdout) as [Workflow]
    expect(stderr).toContain(`${before.metadata.name} has a status: it is left out`)
    expect(Object.keys(after.status?.nodes ?? {})).toHaveLength(1)
    expect(after.metadata.uid).not.toBe(before.metadata.uid)
    expect(Date.parse(after.status?.startedAt ?? '')).toBeGreaterThanOrEqual(
      Date.parse(before.status?.startedAt ?? ''),
    )
    expect(code).toBe(0)
  })

  it('takes a temporary folder that is said from here, and says what is wrong with one', async () => {
    await mkdir(place.path('here'))
    const relative = { ...process.env, TMPDIR: 'here' }
    expect(await place.start(['run', hello], '', relative, 'own TMPDIR').ended).toMatchObject({
      code: 0,
    })
    const none = { ...process.env, TMPDIR: place.path('none') }
    const { code, stderr } = await place.start(['run', hello], '', none, 'own TMPDIR').ended
    expect(stderr).toMatch(
      /^argosy: no temporary folder can be made in .*none: .*TMPDIR.*--data-dir/,
    )
    expect(code).toBe(1)
  })

  it.skipIf(process.getuid?.() !== 0)(
    'runs for a user whom the machine does not know',
    async () => {
      await chmod(place.dir, 0o777)
      const text = await readFile(hello, 'utf8')
      const node = ['--reuid=54321', '--regid=54321', '--clear-groups', process.execPath, bin]
      const { HOME: _, ...env } = process.env
      const run = spawnSync('setpriv', [...node, 'run', '-'], {
        ...{ input: text, cwd: place.dir, encoding: 'utf8' },
        env: { ...env, TMPDIR: place.dir },
      })
      expect(run.stderr).not.toContain('    at ')
      expect(run.status).toBe(0)
    },
  )

  it('says once what to do about the many steps of a loop that wait for somebody', async () => {
    const loop = {
      ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name: 'ask' } },
      spec: {
        entrypoint: 'main',
        templates: [
          { name: 'main', steps: [[{ name: 'a', template: 'wait', withItems: [1, 2, 3] }]] },
          { name: 'wait', suspend: {} },
        ],
      },
    }
    const { code, stdout } = await place.run(['run', '-', '--timeout', '1s'], JSON.stringify(loop))
    expect(stdout.match(/waits for somebody to resume it/g)).toHaveLength(1)
    expect(code).toBe(1)
  })

  it('does not take an empty name for no data directory', async () => {
    const { code, stderr } = await place.run(['run', hello, '--data-dir', ''])
    expect(stderr).toMatch(/--data-dir.*expected a folder/)
    expect(code).toBe(2)
  })

  it('says which step failed, why, and the last it wrote, and ends with 1', async () => {
    const { code, stdout } = await place.run(['run', `${examples}exit-handler.yaml`])
    expect(stdout).toMatch(/✖ risky .*Error \(exit code 3\)\n {4}\| leaving with 3/)
    expect(stdout).toContain('onExit  Succeeded')
    expect(code).toBe(1)
  })

  it('runs every Workflow of a file, also from standard input, and one failure is enough', async () => {
    const good = chain('good-', place.dir, [{ name: 'a', source: 'true' }])
    const bad = chain('bad-', place.dir, [{ name: 'a', source: 'echo oh; exit 3' }])
    const { code, stdout } = await place.run(['run', '-'], `${good}\n---\n${bad}`)
    expect(stdout).toMatch(/✔ good-\w{5} {2}Succeeded/)
    expect(stdout).toMatch(/✖ bad-\w{5} {2}Failed/)
    expect(code).toBe(1)
  })

  it('tells every mistake with its place before anything runs, and ends with 2', async () => {
    const text = (await readFile(hello, 'utf8'))
      .replace('entrypoint: hello', 'entrypoint: helo')
      .concat('---\napiVersion: v1\nkind: ResourceQuota\nmetadata: { name: x }\n')
    const file = await place.file('broken.yaml', text)
    const { code, stdout, stderr } = await place.run(['run', file])
    expect(stderr).toMatch(/broken\.yaml:7:3: .*'helo'.*\n.*entrypoint: helo\n *\| *\^/)
    expect(stderr).toContain('does not take ResourceQuota')
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })

  it.each([
    ['a URL', ['https://example.org/w.yaml'], 'argosy does not fetch manifests'],
    ['a missing file', ['nowhere.yaml'], 'no such file'],
    ['a folder without manifests', ['.'], 'no .yaml, .yml or .json file'],
    ['nothing', [], 'expected a FILE'],
    ['a parameter without a value', ['x.yaml', '-p', 'name'], 'expected name=value'],
    ['an unknown format', ['x.yaml', '-o', 'xml'], 'Allowed choices'],
    ['a strange duration', ['x.yaml', '--timeout', 'soon'], 'expected a duration'],
  ])('refuses %s with a reason and 2', async (_, args, words) => {
    const { code, stderr } = await place.run(['run', ...args])
    expect(stderr).toContain(words)
    expect(code).toBe(2)
  })

  it('stops the steps when the timeout is over, and ends with 1', async () => {
    const file = await place.file('slow.json', slow(place.dir))
    const { code, stdout } = await place.run(['run', file, '--timeout', '1500ms'])
    expect(stdout).toContain('the --timeout is over')
    expect(stdout).toContain("Stopped with strategy 'Terminate'")
    expect(code).toBe(1)
    expect(await readFile(place.path('told'), 'utf8')).toBe('TERM\n')
  })

  it('stops the steps cleanly at Ctrl-C, and ends as a shell expects it', async () => {
    const file = await place.file('slow.json', slow(place.dir))
    const run = place.start(['run', file, '--log'])
    await run.says('working')
    run.child.kill('SIGINT')
    const { code } = await run.ended
    expect(code).toBe(130)
    expect(await readFile(place.path('told'), 'utf8')).toBe('TERM\n')
  })

  it('waits at Ctrl-C for no step that could not begin', async () => {
    const container = {
      ...{ image: 'busybox', command: ['true'] },
      resources: { requests: { cpu: '100000' } },
    }
    const workflow = {
      ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name: 'big' } },
      spec: { entrypoint: 'main', templates: [{ name: 'main', container }] },
    }
    const run = place.start(['run', await place.file('big.json', JSON.stringify(workflow))])
    await run.says('Unschedulable: 0/1 nodes are available: 1 Insufficient cpu')
    run.child.kill('SIGINT')
    expect((await run.ended).code).toBe(130)
  })

  it('kills them at the second', async () => {
    const source = "trap 'echo never' TERM\necho working\nwhile :; do sleep 1; done"
    const file = await place.file('deaf.json', chain('deaf-', place.dir, [{ name: 'a', source }]))
    const run = place.start(['run', file, '--log'])
    await run.says('working')
    run.child.kill('SIGINT')
    await run.says('never')
    // Closer together it would be one key press that came twice.
    await new Promise((resolve) => setTimeout(resolve, 400))
    run.child.kill('SIGINT')
    const { code } = await run.ended
    expect(code).toBe(130)
    expect(await readdir(place.dir)).toEqual(['deaf.json'])
    expect(await place.steps()).toBe(0)
  })

  it('continues after kill -9, and every step has run exactly once', async () => {
    const steps = ['a', 'b', 'c', 'd', 'e'].map((name) => ({
      name,
      source: `echo ${name} >> ${place.dir}/ran\nsleep 0.3\necho ${name}-end >> ${place.dir}/ran`,
    }))
    const file = await place.file('steps.json', chain('steps-', place.dir, steps))
    const command = ['run', file, '--data-dir', place.path('data')]
    for (const step of ['b', 'd']) {
      const run = place.start(command)
      await run.says(`● ${step}  Running`)
      run.child.kill('SIGKILL')
      await run.ended
    }
    const { code, stdout } = await place.run(command)
    expect(stdout).toMatch(/^continues steps-\w{5}/)
    expect(code).toBe(0)
    expect((await readFile(place.path('ran'), 'utf8')).split('\n')).toEqual([
      ...steps.flatMap(({ name }) => [name, `${name}-end`]),
      '',
    ])
    expect(await readdir(place.path('data/pods'))).toEqual([])
    const again = await place.run(['run', '--data-dir', place.path('data')])
    expect(again.stderr).toContain('nothing is unfinished')
  })

  it('clears away what a killed run without a data directory has left', async () => {
    const file = await place.file('slow.json', slow(place.dir))
    const run = place.start(['run', file, '--log'])
    await run.says('working')
    run.child.kill('SIGKILL')
    await run.ended
    expect((await readdir(place.dir)).filter((name) => name.startsWith('argosy-'))).toHaveLength(1)
    expect(await place.steps()).toBeGreaterThan(0)
    expect((await place.run(['run', hello])).code).toBe(0)
    // A killed process is in the process table for a moment more.
    await expect.poll(() => place.steps(), { timeout: 10_000 }).toBe(0)
    expect(await readdir(place.dir)).toEqual(['slow.json'])
  })

  it('keeps one data directory for one process at a time', async () => {
    await mkdir(place.path('data'))
    const file = await place.file('slow.json', slow(place.dir))
    const command = ['run', file, '--data-dir', place.path('data')]
    const run = place.start(command)
    await run.says('Running')
    const { code, stderr } = await place.run(command)
    expect(stderr).toContain('in use by another process')
    expect(code).toBe(1)
    run.child.kill('SIGTERM')
    expect((await run.ended).code).toBe(143)
  })
})

describe('argosy lint', () => {
  it('finds nothing wrong with our own examples', async () => {
    await using place = await Workplace.open()
    const { code, stdout } = await place.run(['lint', examples, `${examples}demo`])
    expect(stdout).toContain('no linting errors found')
    expect(code).toBe(0)
  })
})

/** One step that waits for SIGTERM and says that it came. */
function slow(shared: string): string {
  const source = [
    `trap 'echo TERM > ${shared}/told; exit 1' TERM`,
    'echo working',
    'while :; do sleep 0.1; done',
  ]
  return chain('slow-', shared, [{ name: 'a', source: source.join('\n') }])
}
