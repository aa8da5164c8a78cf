/** Starts two containers in the given directories, says so, and waits to be killed: for the contract's adoption test. */
import { existsSync } from 'node:fs'
import type { Runtime } from '../runtime.ts'
import { openOnImages } from './docker/candidate.fixture.ts'
import { processRuntime } from './process.ts'
import { type SandboxLauncher, sandboxRuntime } from './sandbox.ts'

const [going = '', ended = '', kind = '', launcher = ''] = process.argv.slice(2)

const runtime = await open()
await start(going, `echo ready; echo x > /tmp/x; ${waitFor(kind)}; echo went; exit 6`)
await start(ended, 'exit 4')
while (!existsSync(`${ended}/exit`) || !existsSync(`${going}/stdout`)) {
  await new Promise((resolve) => setTimeout(resolve, 5))
}
process.stdout.write('started\n')
setInterval(() => {}, 1000)

function open(): Promise<Runtime> {
  if (kind === 'docker') return openOnImages()
  if (kind === 'process') return processRuntime({ launcher: launcher as 'native' | 'node' })
  return sandboxRuntime({ launchers: [launcher as SandboxLauncher] })
}

function waitFor(kind: string): string {
  return `while ! [ -e ${kind === 'process' ? `${going}/go` : '/wait/go'} ]; do sleep 0.01; done`
}

async function start(dir: string, script: string): Promise<void> {
  const mounts = kind === 'process' ? [] : [{ source: dir, target: '/wait', readOnly: true }]
  await runtime.start({
    ...{ dir, argv: ['sh', '-c', script], env: { PATH: '/usr/bin:/bin' }, workingDir: '/' },
    ...{ root: { kind: 'host' }, mounts, stdout: `${dir}/stdout`, stderr: `${dir}/stderr` },
  })
}
