import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { launcherBinary } from '../launcher/binary.ts'
import {
  helperProgram,
  type LauncherProgram,
  nativeProgram,
  openLauncher,
} from '../launcher/client.ts'
import type { Runtime } from '../runtime.ts'
import { processRuntime } from './process.ts'
import { type SandboxLauncher, sandboxOn, sandboxRuntime } from './sandbox.ts'
import type { Candidate } from './workbench.contract.ts'

const plain = 'a plain process shares everything with the machine'
const ordinaryUid = 54321

/** Every implementation, with the reason when it cannot run on this machine. */
export async function candidates(): Promise<Candidate[]> {
  return [
    await plainCandidate('native'),
    await plainCandidate('node'),
    await sandboxCandidate('native'),
    await sandboxCandidate('bwrap'),
    await sandboxCandidate('unshare'),
    await ordinaryUser('native'),
    await ordinaryUser('bwrap'),
    await ordinaryUser('unshare'),
  ]
}

async function plainCandidate(launcher: 'native' | 'node'): Promise<Candidate> {
  const open = () => processRuntime({ launcher })
  const isRoot = process.getuid?.() === 0
  const { limits, unavailable } = await probe(open)
  return {
    ...{ name: `process, ${launcher} launcher`, unavailable, open, fixture: ['process', launcher] },
    many: launcher === 'native' ? 1_000 : 200,
    skip: {
      restart: 'only a process 1 of its own writes down how a container ended',
      ...{
        mounts: plain,
        layers: plain,
        isolation: plain,
        image: plain,
        opaque: plain,
        foreignFiles: plain,
      },
      inPlace: plain,
      beside: plain,
      noLinks: plain,
      ...(launcher === 'node' && { ...onlyNative, beside: plain, noLinks: plain }),
      ...(!isRoot && { user: 'only root may become another user' }),
      ...noMemory(limits),
    },
  }
}

async function sandboxCandidate(launcher: SandboxLauncher): Promise<Candidate> {
  const open = () => sandboxRuntime({ launchers: [launcher] })
  const { limits, unavailable } = await probe(open)
  return {
    ...{ name: `sandbox, ${launcher} launcher`, unavailable, open, fixture: ['sandbox', launcher] },
    many: launcher === 'native' ? 1_000 : 200,
    skip: {
      ...noMemory(limits),
      ...(launcher !== 'native' && helperSkips(launcher)),
    },
  }
}

/** The sandbox once more, in a user namespace of an ordinary user. */
async function ordinaryUser(launcher: SandboxLauncher): Promise<Candidate> {
  const name = `sandbox, ${launcher} launcher of an ordinary user`
  const open = async () => {
    const program = await programOf(launcher)
    const id = String(ordinaryUid)
    const as = ['--reuid', id, '--regid', id, '--clear-groups'] as const
    const command = ['setpriv', ...as, ...program.command] as const
    const runtime = sandboxOn(await openLauncher({ ...program, command }))
    await tryOut(runtime)
    return runtime
  }
  const isRoot = process.getuid?.() === 0
  const { limits, unavailable } = isRoot
    ? await probe(open)
    : { limits: '', unavailable: 'this whole suite runs as an ordinary user already' }
  return {
    ...{ name, unavailable: unavailable ?? noSetpriv(), open, uid: ordinaryUid, fixture: [] },
    many: launcher === 'native' ? 60 : 50,
    skip: {
      ...noMemory(limits),
      ...(launcher !== 'native' && helperSkips(launcher)),
      adopt: 'the fixture runs as the user of this process',
      foreignFiles: 'what belongs to others cannot be removed, not even in a copy',
    },
  }
}

async function programOf(launcher: SandboxLauncher): Promise<LauncherProgram> {
  if (launcher !== 'native') return helperProgram(launcher)
  const binary = await launcherBinary(`${tmpdir()}/argosy-contract-cache`)
  if ('missing' in binary) throw new Error(binary.missing)
  return nativeProgram(binary.path, 'sandbox')
}

/** Kernels differ in what they refuse to ordinary users: only a container that ran tells. */
async function tryOut(runtime: Runtime): Promise<void> {
  const base = mkdtempSync(`${tmpdir()}/argosy-ordinary-`)
  const dir = `${base}/container`
  chownSync(base, ordinaryUid, ordinaryUid)
  const { exited } = await runtime.start({
    ...{ dir, argv: ['true'], env: {}, workingDir: '/', root: { kind: 'host' }, mounts: [] },
    ...{ stdout: `${dir}/log`, stderr: `${dir}/log` },
  })
  const { code, startError } = await exited
  const log = existsSync(`${dir}/log`) ? readFileSync(`${dir}/log`, 'utf8').trim() : ''
  rmSync(base, { recursive: true, force: true })
  if (code !== 0) throw new Error([startError ?? `it ended with ${code}`, log].join(': '))
}

const onlyNative = {
  exec: 'only the C launcher can',
  beside: 'only the C launcher can',
  noLinks: 'only the C launcher looks while it mounts',
  windowSize: 'only the C launcher can',
  selfExec: 'only the C launcher can',
}

function helperSkips(launcher: SandboxLauncher): Candidate['skip'] {
  return {
    signalNumber: `${launcher} tells only 128 + signal`,
    ...onlyNative,
    ...(launcher === 'bwrap' && { atOnce: 'bwrap ends a moment before its namespace does' }),
    restart: 'only the C launcher has a process 1 that writes down how a container ended',
  }
}

function noSetpriv(): string | undefined {
  return spawnSync('setpriv', ['--version']).error && 'setpriv is not installed'
}

function noMemory(limits: string): { memoryLimit?: string } {
  return limits.includes('memory') ? {} : { memoryLimit: 'no control group for memory' }
}

async function probe(
  open: () => Promise<Runtime>,
): Promise<{ limits: string; unavailable: string | undefined }> {
  try {
    const runtime = await open()
    await runtime[Symbol.asyncDispose]()
    return {
      limits: /limits: ([a-z, ]*)/.exec(runtime.describe)?.[1] ?? '',
      unavailable: undefined,
    }
  } catch (error) {
    return { limits: '', unavailable: (error as Error).message }
  }
}
