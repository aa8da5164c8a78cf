import { readFile } from 'node:fs/promises'
import { type Pod, parseProgress, type StepPlan } from '@argosy/engine'
import { report } from '@argosy/executor'
import type { ContainerRecord } from './container-record.ts'
import type { PodLayout } from './layout.ts'
import { persist } from './persist.ts'
import { progressFileOf, progressTickMs, stepOf } from './step-variables.ts'
import type { Stopper } from './stopper.ts'
import type { World } from './world.ts'

/** The pod of a step while its containers run. */
interface Watched {
  readonly world: World
  readonly paths: PodLayout
  readonly stopper: Stopper
  readonly pod: Pod
  readonly plan: StepPlan | undefined
  /** What was told last. */
  progress: string | undefined
  record(name: string): ContainerRecord
}

/** Tells the API what running steps write of their progress; one clock for all of them. argo: monitorProgress. */
export class ProgressWatch {
  readonly #telling = new Map<Watched, Promise<unknown> | undefined>()
  #ticking = false

  join(watched: Watched): void {
    if (stepOf(watched.pod) === undefined) return
    this.#telling.set(watched, undefined)
    if (this.#ticking) return
    this.#ticking = true
    void this.#tick(watched.world)
  }

  /** Resolves when nothing more of it is under way: what is reported next cannot be overtaken. */
  async leave(watched: Watched): Promise<void> {
    const telling = this.#telling.get(watched)
    this.#telling.delete(watched)
    await telling
  }

  async #tick({ clock, signal }: World): Promise<void> {
    while (this.#telling.size > 0 && !signal.aborted) {
      await clock.until(clock.now() + progressTickMs, signal).catch(() => undefined)
      if (signal.aborted) return
      for (const [watched, telling] of this.#telling) {
        if (telling !== undefined) continue
        const work = tell(watched).finally(() => {
          if (this.#telling.has(watched)) this.#telling.set(watched, undefined)
        })
        this.#telling.set(watched, work)
      }
    }
    this.#ticking = false
  }
}

async function tell(watched: Watched): Promise<void> {
  const { world, pod } = watched
  const nodeId = stepOf(pod)?.id
  const progress = await latest(watched)
  if (progress === undefined || progress === watched.progress || nodeId === undefined) return
  watched.progress = progress
  await persist(world, () => report(world.client, pod, { nodeId, progress, isOver: false }))
}

/** The last line of the first container that has something new to say. */
async function latest(watched: Watched): Promise<string | undefined> {
  for (const [name, running] of watched.stopper.running) {
    const { spec, restartCount } = watched.record(name)
    const path = progressFileOf(spec, restartCount, watched)?.path
    const file = path === undefined ? undefined : await running.resolve(path)
    const text = file === undefined ? '' : await readFile(file, 'utf8').catch(() => '')
    const line = text.trimEnd().split('\n').at(-1)?.trim() ?? ''
    if (parseProgress(line) !== undefined && line !== watched.progress) return line
  }
  return undefined
}
