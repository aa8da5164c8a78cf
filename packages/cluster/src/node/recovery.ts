import { readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { codeIs } from './code-is.ts'
import { type PodLayout, parseContainer } from './layout.ts'
import type { Running, Runtime } from './runtime.ts'

/** The last attempt of a container that an earlier node started; `running` is absent when its exit status is lost. */
export interface Recovered {
  readonly attempt: number
  readonly dir: string
  readonly running?: Running
}

/** What an earlier node started of this pod, by container; undefined when it never came that far. */
export async function recover(
  runtime: Runtime,
  paths: PodLayout,
): Promise<ReadonlyMap<string, Recovered>> {
  const last = new Map<string, number>()
  for (const found of (await entries(paths.root)).map(parseContainer)) {
    if (found) last.set(found[0], Math.max(found[1], last.get(found[0]) ?? 0))
  }
  const recovered = new Map<string, Recovered>()
  for (const [name, attempt] of last) {
    const dir = paths.container(name, attempt)
    const running = await runtime.adopt(dir)
    recovered.set(name, { attempt, dir, ...(running && { running }) })
  }
  return recovered
}

/** Ends and removes everything of a pod that nobody wants any more. */
export async function discard(runtime: Runtime, root: string): Promise<void> {
  for (const name of await entries(root)) {
    if (!parseContainer(name)) continue
    const running = await runtime.adopt(join(root, name))
    running?.kill('SIGKILL')
    await running?.exited
  }
  await removePodFiles(runtime, root)
}

/** Frees the containers of a pod, which have all ended, and removes its directory. */
export async function removePodFiles(runtime: Runtime, root: string): Promise<void> {
  for (const name of await entries(root)) {
    if (parseContainer(name)) await runtime.remove(join(root, name))
  }
  // A pod without volumes and inputs has nothing else: one call instead of a walk.
  await rmdir(root).catch(() => rm(root, { recursive: true, force: true }))
}

/** The names in a directory; none when it is not there. */
export async function entries(dir: string): Promise<readonly string[]> {
  return readdir(dir).catch((error: unknown) => {
    if (codeIs(error, 'ENOENT')) return []
    throw error
  })
}
