import { setTimeout as delay } from 'node:timers/promises'
import type { Launcher, Started } from '../launcher/launcher.ts'
import { bootId, type PidRecord, readExit, readPid, type View } from '../launcher/records.ts'
import type { ContainerSpec, Exit, Running, Runtime } from '../runtime.ts'
import { resolver } from './view.ts'

// A launcher of an earlier process writes the record just after the process is gone.
const recordWaitMs = 2_000

/** A runtime on a launcher; sandbox and process differ by the launcher's mode and by what they refuse. */
export function launchedRuntime(
  launcher: Launcher,
  { name, describe }: Pick<Runtime, 'name' | 'describe'>,
): Runtime {
  const kind = name === 'process' ? 'process' : 'sandbox'
  return {
    name,
    describe,
    async start(spec) {
      const view: View = { kind, root: spec.root, mounts: inOrder(spec.mounts) }
      const started = await launcher.start({ ...spec, mounts: view.mounts }, JSON.stringify(view))
      return running(launcher, spec.dir, view, started)
    },
    async adopt(dir) {
      const [exit, record, boot] = await Promise.all([readExit(dir), readPid(dir), bootId()])
      if (!exit && !record) return undefined
      const view = record?.view ?? { kind, root: { kind: 'host' }, mounts: [] }
      const { pid = 0, startedAt = exit?.finishedAt ?? 0 } = record ?? {}
      // Asks for the process at once: a `kill` that follows must find it known.
      const exited = watch(launcher, dir, record?.bootId === boot ? record : undefined)
      return running(launcher, dir, view, { pid, startedAt, exited })
    },
    remove: (dir) => launcher.remove(dir),
    [Symbol.asyncDispose]: () => launcher.close(),
  }
}

function running(launcher: Launcher, dir: string, view: View, started: Started): Running {
  const { pid, startedAt, exited } = started
  let resolve: ReturnType<typeof resolver> | undefined
  return {
    pid,
    startedAt,
    exited,
    kill(signal) {
      if (pid > 0) launcher.kill(pid, signal)
    },
    resolve(path) {
      resolve ??= resolver(dir, view, (at) => launcher.isOpaque(at))
      return resolve(path)
    },
  }
}

async function watch(launcher: Launcher, dir: string, record?: PidRecord): Promise<Exit> {
  // Invariant of launcher.c: the record may be there while the last processes of the container still end.
  if (record && record.pid > 0) {
    await launcher.gone(record.pid, record.startTime)
  }
  for (let waited = 0; ; waited += 10) {
    const exit = await readExit(dir)
    if (exit) return exit
    if (waited >= recordWaitMs) break
    await delay(10)
  }
  const startError = 'the container ended while nobody watched; its exit status was lost'
  return { code: 137, finishedAt: Date.now(), startError }
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
