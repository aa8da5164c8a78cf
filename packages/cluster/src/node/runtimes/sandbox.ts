import { mkdirSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { launcherBinary } from '../launcher/binary.ts'
import {
  helperProgram,
  type LauncherProgram,
  nativeProgram,
  openLauncher,
} from '../launcher/client.ts'
import type { Launcher } from '../launcher/launcher.ts'
import type { Runtime } from '../runtime.ts'
import { launchedRuntime, limitsOf } from './launched.ts'

export type SandboxLauncher = 'native' | 'bwrap' | 'unshare'

export interface SandboxOptions {
  /** Which launchers to try, best first. */
  readonly launchers?: readonly SandboxLauncher[]
  /** Where a launcher built on this machine is kept. */
  readonly cacheDir?: string
  /** A directory on the file system that will hold the containers: there the launchers are tried out. */
  readonly scratchDir?: string
}

/** Containers in namespaces of their own. Throws with all reasons when this machine allows none. */
export async function sandboxRuntime(options: SandboxOptions = {}): Promise<Runtime> {
  const reasons: string[] = []
  for (const name of options.launchers ?? ['native', 'bwrap', 'unshare']) {
    const opened = await tryLauncher(name, options)
    if (typeof opened !== 'string') return sandboxOn(opened.launcher, { ...opened, reasons })
    reasons.push(`${name}: ${opened}`)
  }
  throw new Error(`no sandbox on this machine (${reasons.join('; ')})`)
}

/** The sandbox on a launcher that is known to work. */
export function sandboxOn(
  launcher: Launcher,
  { reasons = [], layers = true }: { reasons?: readonly string[]; layers?: boolean } = {},
): Runtime {
  const rights = launcher.rootless
    ? 'in a user namespace without rights'
    : "with Docker's default rights"
  const instead = reasons.length > 0 ? `; not ${reasons.join('; not ')}` : ''
  const describe =
    `namespaces for files, processes, IPC and host name over a copy-on-write root, ${rights}; ` +
    `the network is the machine's (${launcher.name} launcher${limitsOf(launcher)}${instead})`
  return launchedRuntime(launcher, { name: 'sandbox', describe, layers })
}

// A kernel says yes or no only when everything is tried together: so one container is run.
async function tryLauncher(
  name: SandboxLauncher,
  { cacheDir, scratchDir = tmpdir() }: SandboxOptions,
): Promise<{ launcher: Launcher; layers: boolean } | string> {
  const program = await programOf(name, cacheDir)
  if ('missing' in program) return program.missing
  const launcher = await openLauncher(program).catch((error: Error) => error.message)
  if (typeof launcher === 'string') return launcher
  const dir = mkdtempSync(`${scratchDir}/argosy-try-${process.pid}-`)
  const runtime = sandboxOn(launcher)
  // Kernels before 5.11 have no layers for ordinary users; a container without them will do.
  const layers = (await tryOut(runtime, `${dir}/layered`, true)) === undefined
  const problem = layers ? undefined : await tryOut(runtime, `${dir}/container`, false)
  await Promise.all(['layered', 'container'].map((name) => launcher.remove(`${dir}/${name}`)))
  await rm(dir, { recursive: true, force: true })
  if (problem === undefined) return { launcher, layers }
  await launcher.close()
  return problem
}

async function tryOut(
  runtime: Runtime,
  dir: string,
  layered: boolean,
): Promise<string | undefined> {
  const lower = `${dir}.lower`
  mkdirSync(lower)
  const mount = {
    source: lower,
    target: '/tmp/argosy-try',
    readOnly: false,
    layered: true,
  } as const
  const container = await runtime.start({
    ...{ dir, argv: ['true'], env: {}, workingDir: '/', root: { kind: 'host' } },
    mounts: layered ? [mount] : [],
    ...{ stdout: `${dir}/log`, stderr: `${dir}/log` },
  })
  const { code, startError } = await container.exited
  return startError ?? (code === 0 ? undefined : `a first container ended with ${code}`)
}

async function programOf(
  name: SandboxLauncher,
  cacheDir: string | undefined,
): Promise<LauncherProgram | { missing: string }> {
  if (name !== 'native') return helperProgram(name)
  const binary = await launcherBinary(cacheDir)
  return 'path' in binary ? nativeProgram(binary.path, 'sandbox') : binary
}
