import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { performed } from '../cli/cli.ts'
import { Workplace } from '../e2e/argosy.ts'
import { absent, present } from './documents.ts'

const folder = new URL('../../../shared/conformance/argo-workflows/', import.meta.url)
const hasAll = ['kubectl', 'python3'].every((one) => !spawnSync(one, ['--help']).error)

if (!present) console.warn(`skipped: ${absent}`)

/** Upstream's examples that wait for Jobs: a single run has no controllers for those, a server has. */
describe.skipIf(!present || !hasAll)('on argosy server', { timeout: 180_000 }, () => {
  let place: Workplace
  let server: ReturnType<Workplace['start']>
  let kubeconfig: string
  let programs: string

  beforeAll(async () => {
    place = await Workplace.open()
    programs = await mkdtemp('/var/tmp/argosy-programs-')
    const images = await place.file('images.yaml', await standIns(programs))
    const data = place.path('data')
    const ports = ['--port', '0', '--http-port', '0', '--images', images]
    server = place.start(['server', '--data-dir', data, '--runtime', 'sandbox', ...ports])
    await server.says('is ready at')
    kubeconfig = place.path('data/kubeconfig')
    const binding = ['create', 'rolebinding', 'all', '--clusterrole=edit']
    const { status, stderr } = spawnSync(
      'kubectl',
      ['--kubeconfig', kubeconfig, ...binding, '--serviceaccount=default:default'],
      { encoding: 'utf8' },
    )
    expect([status, stderr]).toEqual([0, ''])
  })
  afterAll(async () => {
    server.child.kill('SIGTERM')
    await server.ended
    await place[Symbol.asyncDispose]()
    await rm(programs, { recursive: true, force: true })
  })

  const argosy = async (...words: readonly string[]) => {
    const said = await performed([...words, '--kubeconfig', kubeconfig], '')
    expect([said.code, said.stderr]).toEqual([0, ''])
    return said.stdout.trim()
  }

  /** Ends with 0 only if the workflow succeeds; one of them has no name. */
  async function submitted(example: string): Promise<string> {
    const text = await argosy(
      ...['submit', path(example), '--generate-name', 'example-', '--wait', '-o', 'name'],
    )
    return text.split('\n')[0] ?? ''
  }

  test('k8s-jobs.yaml makes a Job and takes over what it became', async () => {
    const name = await submitted('k8s-jobs.yaml')
    const { status } = JSON.parse(await argosy('get', name, '-o', 'json'))
    const [job, whole] = status.nodes[name].outputs.parameters
    expect(JSON.parse(whole.value)).toMatchObject({
      metadata: { name: job.value },
      status: { succeeded: 3 },
    })
  })

  test('k8s-orchestration.yaml makes a Job, reads its pods and deletes it', async () => {
    const name = await submitted('k8s-orchestration.yaml')
    const lines = (await argosy('logs', name, '--no-color')).split('\n')
    expect(lines.filter((line) => /: \d+$/.test(line))).toHaveLength(10)
  })

  test.skipIf(process.getuid?.() !== 0)(
    'daemoned-stateful-set-with-service.yaml finds its server by the name of the Service',
    async () => {
      const name = await submitted('daemoned-stateful-set-with-service.yaml')
      expect(await argosy('logs', name, '--no-color')).toContain('Welcome to nginx')
    },
  )
})

/**
 * nginx at its pod's own address only, and a curl that waits for it: no probe of the example says when it listens. Not below
 * /tmp, which every step has for itself.
 */
async function standIns(folder: string): Promise<string> {
  await writeFile(join(folder, 'curl'), patient, { mode: 0o755 })
  return `
- match: nginx*
  run: host
  entrypoint: [sh, -c, 'echo Welcome to nginx > index.html; exec python3 -m http.server 80 --bind $(hostname -i)']
- match: curlimages/curl*
  run: host
  path: [${folder}]
`
}

const patient = `#!/bin/sh
PATH="\${PATH#*:}" exec curl --retry 60 --retry-connrefused --retry-delay 1 "$@"
`

const path = (example: string) => fileURLToPath(new URL(example, folder))
