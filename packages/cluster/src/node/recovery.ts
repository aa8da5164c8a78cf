import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Pod } from '@argosy/engine'
import { codeIs } from './code-is.ts'
import { type ContainerRef, layoutOf, parseContainer } from './layout.ts'
import type { Exit, Running, Runtime } from './runtime.ts'

/** The last attempt of a container that an earlier node started; `running` is absent when its exit status is lost. */
export interface Recovered {
  readonly attempt: number
  readonly dir: string
  readonly running?: Running
}

/** What an earlier node left of one pod. */
export interface Leftover {
  readonly containers: readonly ContainerRef[]
}

/** What lies in a data directory, by the pod's uid. */
export async function leftovers(dataDir: string): Promise<ReadonlyMap<string, Leftover>> {
  const layout = layoutOf(dataDir)
  const found = new Map<string, { containers: ContainerRef[] }>()
  for (const folder of [layout.pods, layout.hosts])
    for (const uid of await entries(folder)) found.set(uid, { containers: [] })
  for (const name of await entries(layout.containers)) {
    const ref = parseContainer(name)
    if (!ref) continue
    const pod = found.get(ref.uid) ?? { containers: [] }
    pod.containers.push(ref)
    found.set(ref.uid, pod)
  }
  return found
}

/** The containers of a pod as an earlier node left them, by name. */
export async function recover(
  runtime: Runtime,
  { containers }: Leftover,
  dirOf: (container: string, attempt: number) => string,
): Promise<ReadonlyMap<string, Recovered>> {
  const last = new Map<string, number>()
  for (const { container, attempt } of containers) {
    last.set(container, Math.max(attempt, last.get(container) ?? 0))
  }
  const recovered = new Map<string, Recovered>()
  for (const [name, attempt] of last) {
    const dir = dirOf(name, attempt)
    const running = await runtime.adopt(dir)
    recovered.set(name, { attempt, dir, ...(running && { running }) })
  }
  return recovered
}

/** When the machine was started anew, a pod's status is all that is left: what had ended has, what ran is lost. */
export function recoverFromStatus(
  { status }: Pod,
  dirOf: (container: string, attempt: number) => string,
): ReadonlyMap<string, Recovered> {
  const recovered = new Map<string, Recovered>()
  const all = [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ]
  for (const { name, state, restartCount = 0, containerID } of all) {
    if (!state?.running && !state?.terminated) continue
    // A member of a container set that waits for others counts as running, and has never been started.
    if (state.running && containerID === undefined) continue
    const dir = dirOf(name, restartCount)
    const running = state.terminated && ended(state.terminated)
    recovered.set(name, { attempt: restartCount, dir, ...(running && { running }) })
  }
  return recovered
}

function ended(state: { exitCode: number; startedAt?: string; finishedAt?: string }): Running {
  const exit: Exit = { code: state.exitCode, finishedAt: Date.parse(state.finishedAt ?? '') || 0 }
  return {
    pid: 0,
    startedAt: Date.parse(state.startedAt ?? '') || 0,
    exited: Promise.resolve(exit),
    kill: () => undefined,
    resolve: async () => undefined,
  }
}

/** Ends and removes everything of a pod that nobody wants any more. */
export async function discard(
  runtime: Runtime,
  dataDir: string,
  [uid, { containers }]: readonly [string, Leftover],
): Promise<void> {
  const layout = layoutOf(dataDir)
  for (const { container, attempt } of containers) {
    const dir = join(layout.containers, `${uid}.${container}.${attempt}`)
    const running = await runtime.adopt(dir)
    running?.kill('SIGKILL')
    await running?.exited
    await runtime.remove(dir)
  }
  await runtime.networks?.close(join(layout.pods, uid))
  await rm(join(layout.pods, uid), { recursive: true, force: true })
  await rm(join(layout.hosts, uid), { force: true })
}

/** Ends and removes everything in a data directory whose process is gone. */
export async function discardAll(runtime: Runtime, dataDir: string): Promise<void> {
  for (const entry of await leftovers(dataDir)) await discard(runtime, dataDir, entry)
}

/** Removes what was written by containers that nobody knows any more. */
export async function discardScratch(
  runtime: Runtime,
  dataDir: string,
  known: ReadonlyMap<string, Leftover>,
): Promise<void> {
  const { scratch } = layoutOf(dataDir)
  for (const name of await entries(scratch)) {
    const ref = parseContainer(name)
    const isKnown = ref && known.get(ref.uid)?.containers.some((one) => sameAs(one, ref))
    if (!isKnown) await runtime.remove(join(scratch, name))
  }
}

function sameAs(a: ContainerRef, b: ContainerRef): boolean {
  return a.container === b.container && a.attempt === b.attempt
}

/** The names in a directory; none when it is not there. */
export async function entries(dir: string): Promise<readonly string[]> {
  return readdir(dir).catch((error: unknown) => {
    if (codeIs(error, 'ENOENT')) return []
    throw error
  })
}
