import { launcherBinary } from '../launcher/binary.ts'
import type { Launcher } from '../launcher/launcher.ts'
import { nativeLauncher } from '../launcher/native.ts'
import type { Runtime } from '../runtime.ts'
import { launchedRuntime } from './launched.ts'
import { limitsOf } from './process.ts'

export interface SandboxOptions {
  /** Where a launcher built on this machine is kept. */
  readonly cacheDir?: string
}

/** Containers in namespaces of their own. Throws with the reasons when this machine allows none. */
export async function sandboxRuntime(options: SandboxOptions = {}): Promise<Runtime> {
  const binary = await launcherBinary(options.cacheDir)
  if ('missing' in binary) throw new Error(binary.missing)
  const launcher = await nativeLauncher(binary.path, 'sandbox')
  return launchedRuntime(launcher, { name: 'sandbox', describe: describe(launcher) })
}

function describe(launcher: Launcher): string {
  const rights = launcher.rootless ? 'a user namespace without rights' : "Docker's default rights"
  return (
    `namespaces (files, processes, IPC, host name) over a copy-on-write root, with ${rights}; ` +
    `the network is the machine's (${launcher.name} launcher${limitsOf(launcher)})`
  )
}
