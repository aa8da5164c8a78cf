import type { Launcher, Started } from '../launcher/launcher.ts'
import { readExit, readPid, type View } from '../launcher/records.ts'
import { takeOver } from '../launcher/take-over.ts'
import type { ContainerSpec, Running, Runtime } from '../runtime.ts'
import { resolver } from './view.ts'

/** A runtime on a launcher; sandbox and process differ by the launcher's mode and by what they refuse. */
export function launchedRuntime(
  launcher: Launcher,
  { name, describe, layers = false }: Pick<Runtime, 'name' | 'describe' | 'layers'>,
): Runtime {
  const kind = name === 'process' ? 'process' : 'sandbox'
  return {
    name,
    describe,
    layers,
    async start(spec) {
      const { root, workingDir, user } = spec
      const mounts = inOrder(spec.mounts)
      const view: View = { kind, root, mounts, workingDir, ...(user && { user }) }
      const started = await launcher.start({ ...spec, mounts: view.mounts }, JSON.stringify(view))
      return running(launcher, spec.dir, view, started)
    },
    async adopt(dir) {
      const [exit, record] = await Promise.all([readExit(dir), readPid(dir)])
      if (!exit && !record) return undefined
      const view = record?.view ?? { kind, root: { kind: 'host' }, mounts: [] }
      const { pid = 0, startedAt = exit?.finishedAt ?? 0 } = record ?? {}
      const taken = await takeOver(launcher, dir, record)
      return running(launcher, dir, view, { pid, startedAt, ...taken })
    },
    exec: (dir, spec) => launcher.exec(dir, spec),
    remove: (dir) => launcher.remove(dir),
    [Symbol.asyncDispose]: () => launcher.close(),
  }
}

function running(launcher: Launcher, dir: string, view: View, started: Started): Running {
  let resolve: ReturnType<typeof resolver> | undefined
  return {
    pid: started.pid,
    startedAt: started.startedAt,
    exited: started.exited,
    kill: started.kill,
    resolve(path) {
      resolve ??= resolver(dir, view, (at) => launcher.isOpaque(at))
      return resolve(path)
    },
  }
}

// A mount inside another must come after it, whatever order the pod gives.
function inOrder(mounts: ContainerSpec['mounts']): ContainerSpec['mounts'] {
  if (mounts.length < 2) return mounts
  return mounts.toSorted((a, b) => depth(a.target) - depth(b.target))
}

function depth(path: string): number {
  return path.split('/').filter(Boolean).length
}

/** For `describe`: which limits hold. */
export function limitsOf({ limits }: Launcher): string {
  return limits.length > 0 ? `; limits: ${limits.join(', ')}` : '; limits are not enforced'
}
