import type { Container } from '@argosy/engine'
import { runContainer } from './container-runner.ts'
import type { PodContext } from './pod-context.ts'
import { hasStarted } from './pod-status.ts'

/** The init containers of a pod that run on beside the others. They end when those have, the last one first. */
export class Sidecars {
  readonly #context: PodContext
  readonly #names: string[] = []
  readonly #running: Promise<void>[] = []

  constructor(context: PodContext) {
    this.#context = context
  }

  /** True once it has started, false when it will not. */
  async begin(spec: Container): Promise<boolean> {
    const context = this.#context
    const { name } = spec
    const run = runContainer(spec, true, context).then((ended) => {
      if (ended) context.ended.set(name, ended)
    })
    run.catch(() => undefined)
    this.#names.unshift(name)
    this.#running.push(run)
    await Promise.race([run, context.until(() => hasStarted(context.record(name)))])
    return !context.stopper.isStopped && hasStarted(context.record(name))
  }

  async end(): Promise<void> {
    const { stopper, graceMs } = this.#context
    if (this.#names.length === 0) return
    stopper.retire(this.#names, graceMs)
    await Promise.all(this.#running)
  }
}
