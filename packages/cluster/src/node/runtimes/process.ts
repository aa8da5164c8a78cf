import { launcherBinary } from '../launcher/binary.ts'
import type { Launcher } from '../launcher/launcher.ts'
import { notStarted } from '../launcher/launcher.ts'
import { nativeLauncher } from '../launcher/native.ts'
import type { ContainerSpec, Running, Runtime } from '../runtime.ts'
import { launchedRuntime } from './launched.ts'

export interface ProcessOptions {
  /** Where a launcher built on this machine is kept. */
  readonly cacheDir?: string
  /** What to do with mounts, which a plain process cannot have: refuse the container (default), or run without. */
  readonly mounts?: 'refuse' | 'ignore'
}

/** Plain processes of this machine. */
export async function processRuntime(options: ProcessOptions = {}): Promise<Runtime> {
  const launcher = await processLauncher(options)
  const describe =
    'plain processes of this machine: no isolation of files, processes or rights; volumes and images are not mounted'
  const runtime = launchedRuntime(launcher, {
    name: 'process',
    describe: `${describe} (${launcher.name} launcher${limitsOf(launcher)})`,
  })
  return { ...runtime, start: (spec) => startPlain(runtime, spec, options.mounts ?? 'refuse') }
}

async function processLauncher({ cacheDir }: ProcessOptions): Promise<Launcher> {
  const binary = await launcherBinary(cacheDir)
  if ('missing' in binary) throw new Error(binary.missing)
  return nativeLauncher(binary.path, 'process')
}

/** For `describe`: which limits hold. */
export function limitsOf({ limits }: Launcher): string {
  return limits.length > 0 ? `; limits: ${limits.join(', ')}` : '; limits are not enforced'
}

function startPlain(
  runtime: Runtime,
  spec: ContainerSpec,
  mounts: 'refuse' | 'ignore',
): Promise<Running> {
  const mount = spec.mounts.find(({ source, target }) => source !== target)
  if (spec.root.kind === 'dir') return refuse(`an image needs the sandbox: ${spec.root.path}`)
  if (mount && mounts === 'refuse') {
    return refuse(`a plain process cannot have a volume mounted at ${mount.target}`)
  }
  return runtime.start(spec)
}

async function refuse(words: string): Promise<Running> {
  const started = notStarted(words, Date.now())
  return { ...started, kill() {}, resolve: async () => undefined }
}
