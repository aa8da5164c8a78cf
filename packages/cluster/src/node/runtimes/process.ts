import { launcherBinary } from '../launcher/binary.ts'
import { helperProgram, nativeProgram, openLauncher } from '../launcher/client.ts'
import { notStarted } from '../launcher/launcher.ts'
import type { ContainerSpec, Running, Runtime } from '../runtime.ts'
import { launchedRuntime, limitsOf } from './launched.ts'

export interface ProcessOptions {
  /** Default: the C program where there is one, else a small Node process. */
  readonly launcher?: 'native' | 'node'
  /** Where a launcher built on this machine is kept. */
  readonly cacheDir?: string
  /** What to do with mounts, which a plain process cannot have: refuse the container (default), or run without. */
  readonly mounts?: 'refuse' | 'ignore'
}

/** Plain processes of this machine. */
export async function processRuntime(options: ProcessOptions = {}): Promise<Runtime> {
  const launcher = await openLauncher(await programOf(options))
  const describe =
    'plain processes of this machine: no isolation of files, processes or rights, no images, no volumes ' +
    `(${launcher.name} launcher${limitsOf(launcher)})`
  const runtime = launchedRuntime(launcher, { name: 'process', describe })
  return {
    ...runtime,
    async start(spec) {
      const reason = refusal(spec, options.mounts ?? 'refuse')
      return reason === undefined ? runtime.start(spec) : refused(reason)
    },
  }
}

async function programOf({ launcher, cacheDir }: ProcessOptions) {
  if (launcher === 'node') return helperProgram('node')
  const binary = await launcherBinary(cacheDir)
  if ('path' in binary) return nativeProgram(binary.path, 'process')
  if (launcher === 'native') throw new Error(binary.missing)
  return helperProgram('node')
}

function refusal(spec: ContainerSpec, mounts: 'refuse' | 'ignore'): string | undefined {
  if (spec.root.kind === 'dir') return `an image needs the sandbox: ${spec.root.path}`
  const mount = spec.mounts.find(({ source, target }) => source !== target)
  if (!mount || mounts === 'ignore') return undefined
  return `a plain process cannot have a volume mounted at ${mount.target}`
}

function refused(words: string): Running {
  return { ...notStarted(words, Date.now()), resolve: async () => undefined }
}
