import { execFile, execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { Workplace } from './argosy.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const published = { ...process.env, ARGOSY_DIST: '1', NO_COLOR: '1' }

const workflow = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: zips }
spec:
  entrypoint: main
  templates:
    - name: main
      steps:
        - - { name: make, template: make }
        - - name: take
            template: take
            arguments:
              artifacts: [{ name: text, from: "{{steps.make.outputs.artifacts.text}}" }]
    - name: make
      container: { image: busybox, command: [sh, -c, "echo from a zip > /tmp/text"] }
      outputs: { artifacts: [{ name: text, path: /tmp/text, archive: { zip: {} } }] }
    - name: take
      inputs: { artifacts: [{ name: text, path: /tmp/taken }] }
      container: { image: busybox, command: [cat, /tmp/taken] }
`

const talker = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: talker }
spec:
  entrypoint: main
  templates:
    - name: main
      container: { image: busybox, command: [sh, -c, "yes | head -c 6000000; echo a needle"] }
`

/** Everything else runs the sources: what is published is a bundle, in which libraries are loaded in another way. */
describe('the published package', () => {
  beforeAll(() => {
    execFileSync('npm', ['run', '-s', 'build'], { cwd: root, stdio: 'ignore' })
  }, 300_000)

  it('runs a workflow whose artifacts are zips, and prints YAML', async () => {
    await using place = await Workplace.open()
    const file = await place.file('zips.yaml', workflow)
    const { code, stdout, stderr } = await run(place, ['run', file, '-o', 'yaml'])
    expect([code, stderr]).toEqual([0, expect.anything()])
    expect(stdout).toContain('phase: Succeeded')
  })

  it('serves, with certificates of its own making and its pages', async () => {
    await using place = await Workplace.open()
    const server = place.start(
      ['server', '--data-dir', place.path('data'), '--port', '0', '--http-port', '0'],
      '',
      published,
    )
    await server.says('export KUBECONFIG=')
    const env = { ...published, KUBECONFIG: place.path('data/kubeconfig') }
    const { stdout } = await promisify(execFile)('kubectl', ['get', 'crd', '-o', 'name'], { env })
    expect(stdout).toContain('workflows.argoproj.io')
    const archived = await place.start(['archive', 'list', '-o', 'name'], '', env).ended
    expect(archived).toEqual({ code: 0, stdout: 'No workflows found\n', stderr: '' })
    server.child.kill('SIGTERM')
    const { code, stdout: said, stderr } = await server.ended
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('the pages are not built')])
    expect(said).toContain('argosy is ready')
    expect(existsSync(`${root}packages/app/dist/ui/index.html`)).toBe(true)
  })

  it('searches a large log in a thread of its own', async () => {
    await using place = await Workplace.open()
    const ports = ['--port', '0', '--http-port', '0']
    const server = place.start(
      ['server', '--data-dir', place.path('data'), ...ports],
      '',
      published,
    )
    await server.says("Argo's API is at")
    const kubeconfig = place.path('data/kubeconfig')
    const file = await place.file('talker.yaml', talker)
    const env = { ...published, KUBECONFIG: kubeconfig }
    expect((await place.start(['submit', '--wait', file], '', env).ended).code).toBe(0)
    const [, url] = /API is at (\S+)/.exec(server.said()) ?? []
    const [, token] = /token: (\S+)/.exec(readFileSync(kubeconfig, 'utf8')) ?? []
    const found = await fetch(`${url}/api/v1/workflows/default/talker/log?grep=needle`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect((await found.text()).trim()).toBe('{"result":{"content":"a needle","podName":"talker"}}')
    server.child.kill('SIGTERM')
    expect((await server.ended).code).toBe(0)
  })
})

async function run(place: Workplace, args: readonly string[]) {
  return place.start(args, '', published).ended
}
