import type { PodLayout } from './layout.ts'
import { Refusal } from './refusal.ts'
import type { Running } from './runtime.ts'
import { waitProgram } from './wait-program.ts'
import type { World } from './world.ts'

/** No container of a pod can have this name. */
export const holderName = 'POD'

/** Of a pod whose containers share their processes: a program that is there as long as the pod, and only waits. */
export class ProcessHolder {
  readonly #world: World
  readonly #paths: PodLayout
  #running: Promise<Running> | undefined

  constructor(world: World, paths: PodLayout) {
    this.#world = world
    this.#paths = paths
  }

  /** The directory of what containers are started beside; an earlier node may have started it. Throws `Refusal`. */
  async open(): Promise<string> {
    const dir = this.#paths.container(holderName, 0)
    this.#running ??= this.#start(dir)
    const running = await this.#running
    if (running.pid > 0) return dir
    const { startError = 'it has ended' } = await running.exited
    throw new Refusal('CreateContainerError', `shareProcessNamespace: ${startError}`)
  }

  /** Called when the containers have ended. */
  async end(): Promise<void> {
    const { runtime } = this.#world
    const dir = this.#paths.container(holderName, 0)
    const running = (await this.#running) ?? (await runtime.adopt(dir))
    if (!running) return
    running.kill('SIGKILL')
    await running.exited
    await runtime.remove(dir)
  }

  async #start(dir: string): Promise<Running> {
    const { runtime, layout, hidden } = this.#world
    const adopted = await runtime.adopt(dir)
    if (adopted) return adopted
    const { argv, mounts } = await waitProgram(layout.images, runtime.name)
    return runtime.start({
      ...{ dir, scratch: this.#paths.scratch(holderName, 0), argv },
      // Others see its files by its process.
      mounts: [...hidden, ...mounts],
      ...{ env: {}, workingDir: '/', root: { kind: 'host' } },
      ...{ stdout: `${dir}/log`, stderr: `${dir}/log` },
    })
  }
}
