import { mkdtempSync } from 'node:fs'
import { buildProduct } from './bundle.ts'
import { fanOut } from './manifests.ts'
import type { Sample } from './samples.ts'
import { startServer } from './server.ts'

interface Order {
  readonly dir: string
  readonly runtime: 'sandbox' | 'process'
  readonly count: number
  readonly parallelism: number
}

const path = '/apis/argoproj.io/v1alpha1/namespaces/default/workflows'

/** A fan-out submitted to the published `argosy server`: its steps have tokens of their account, as in any Kubernetes. */
export async function runOnServer({ dir, runtime, count, parallelism }: Order): Promise<Sample> {
  buildProduct()
  const data = mkdtempSync(`${dir}/served-`)
  await using server = await startServer(data, { runtime, connections: 1 })
  const run = async (steps: number) => {
    const order = fanOut(steps, 'process', parallelism)
    const { metadata } = JSON.parse(await server.ask('POST', path, order))
    const { name, resourceVersion } = metadata
    const query = new URLSearchParams({
      watch: 'true',
      resourceVersion,
      fieldSelector: `metadata.name=${name}`,
      labelSelector: 'workflows.argoproj.io/completed=true',
    })
    let stop: (() => void) | undefined
    await new Promise<void>((resolve, reject) => {
      server
        .follow(`${path}?${query}`, () => resolve())
        .then((end) => {
          stop = end
        }, reject)
    })
    stop?.()
    const { status } = JSON.parse(await server.ask('GET', `${path}/${name}`))
    if (status.phase !== 'Succeeded') throw new Error(`${name}: ${status.phase} ${status.message}`)
  }
  await run(1)
  const begin = { at: performance.now(), cpu: server.cpu().seconds }
  await run(count)
  const ms = performance.now() - begin.at
  return {
    perSecond: (1000 * count) / ms,
    msEach: ms / count,
    cpuMsEach: ((server.cpu().seconds - begin.cpu) * 1000) / count,
  }
}
