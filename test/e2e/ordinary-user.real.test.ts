import { execFileSync, spawnSync } from 'node:child_process'
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

const app = fileURLToPath(new URL('../../packages/app/', import.meta.url))
const root = fileURLToPath(new URL('../../', import.meta.url))
const nobody = 65_534

const manifest = `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: two}
spec:
  entrypoint: main
  templates:
  - name: main
    steps:
    - - {name: step, template: write, arguments: {parameters: [{name: m, value: "{{item}}"}]}, withItems: [one, two]}
  - name: write
    inputs: {parameters: [{name: m}]}
    script: {image: alpine, command: [sh], source: "echo {{inputs.parameters.m}} > /tmp/out; sleep 0.1"}
    outputs: {parameters: [{name: o, valueFrom: {path: /tmp/out}}]}
`

// The published package, where somebody who may not look into this checkout can read it.
let place: string

beforeAll(async () => {
  execFileSync('npm', ['run', '-s', 'build'], { cwd: root, stdio: 'ignore' })
  place = await mkdtemp(join(tmpdir(), 'argosy-user-'))
  await chmod(place, 0o755)
  for (const part of ['bin', 'dist', 'package.json']) {
    await cp(join(app, part), join(place, part), { recursive: true })
  }
  await copyFile(process.execPath, join(place, 'node'))
  await chmod(join(place, 'node'), 0o755)
  await mkdir(join(place, 'home'))
  await chmod(join(place, 'home'), 0o777)
  await writeFile(join(place, 'two.yaml'), manifest)
  spawnSync('chmod', ['-R', 'a+rX', place])
}, 120_000)

afterAll(() => rm(place, { recursive: true, force: true }))

it('runs in sandboxes for an ordinary user, keeps steps apart and leaves nothing behind', async () => {
  const home = join(place, 'home')
  const { status, stdout, stderr } = spawnSync(
    join(place, 'node'),
    [join(place, 'bin/argosy.js'), 'run', '--runtime', 'sandbox', '-o', 'json', 'two.yaml'],
    {
      cwd: place,
      env: { HOME: home, TMPDIR: home, PATH: process.env['PATH'] },
      encoding: 'utf8',
      ...(process.getuid?.() === 0 && { uid: nobody, gid: nobody }),
    },
  )
  expect(stderr).not.toContain('EACCES')
  expect(status).toBe(0)
  const [workflow] = JSON.parse(stdout)
  const given = Object.values<{ outputs?: { parameters?: { value: string }[] } }>(
    workflow.status.nodes,
  ).flatMap(({ outputs }) => outputs?.parameters?.map(({ value }) => value) ?? [])
  expect(given.toSorted()).toEqual(['one', 'two'])
  expect((await readdir(home)).filter((name) => name.startsWith('argosy-run'))).toEqual([])
})
