import { Refusal } from '../../refusal.ts'
import type { Networks, PodNetwork, WantedNetwork } from '../../runtime.ts'
import { addressOf, type Inspected, inspect } from './container.ts'
import { wholeLog } from './create-body.ts'
import { type Engine, EngineError } from './engine.ts'
import { containerName, dirLabel } from './identity.ts'
import { ensurePauseImage } from './pause-image.ts'

export interface Bridge {
  readonly name: string
  readonly gateway?: string
}

/** A pod's network is that of a container which does nothing else, as a kubelet has it. */
export function engineNetworks(engine: Engine, { name: ownNetwork, gateway }: Bridge): Networks {
  let image: Promise<string> | undefined
  /** The containers of a pod may all ask for it at the same time. */
  const opening = new Map<string, Promise<PodNetwork>>()

  async function start(dir: string, wanted: WantedNetwork): Promise<Inspected | undefined> {
    const name = containerName(dir)
    image ??= ensurePauseImage(engine)
    const query = { name }
    const body = bodyOf(dir, wanted, { image: await image, ownNetwork })
    await engine.json({ method: 'POST', path: '/containers/create', query, body }).catch(ifThere)
    await engine.json({ method: 'POST', path: `/containers/${name}/start` })
    return inspect(engine, name)
  }

  async function open(dir: string, wanted: WantedNetwork): Promise<PodNetwork> {
    try {
      const there = await inspect(engine, containerName(dir))
      const seen = there?.State.Status === 'running' ? there : await start(dir, wanted)
      return asNetwork(seen)
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      image = undefined
      throw new Refusal('CreateContainerError', `the pod's network: ${error.message}`)
    }
  }

  return {
    ...(gateway !== undefined && { gateway }),
    open(dir, wanted) {
      const work = opening.get(dir) ?? open(dir, wanted).finally(() => opening.delete(dir))
      opening.set(dir, work)
      return work
    },
    close: (dir) => removeContainer(engine, containerName(dir)),
  }
}

function asNetwork(seen: Inspected | undefined): PodNetwork {
  if (!seen) throw new Refusal('CreateContainerError', "the pod's network is gone")
  const address = addressOf(seen)
  return { id: seen.Id, ...(address !== undefined && { address }) }
}

function bodyOf(
  dir: string,
  { hostname, hosts, labels }: WantedNetwork,
  { image, ownNetwork }: { readonly image: string; readonly ownNetwork: string },
) {
  return {
    Image: image,
    Hostname: hostname,
    Labels: { ...labels, [dirLabel]: dir },
    HostConfig: {
      NetworkMode: ownNetwork,
      LogConfig: wholeLog,
      RestartPolicy: { Name: 'no' },
      ...(hosts.length > 0 && { ExtraHosts: hosts }),
    },
  }
}

/** Somebody made it already: we, before a crash. */
function ifThere(error: unknown): void {
  if (!(error instanceof EngineError) || error.status !== 409) throw error
}

const againMs = 20

/** With its anonymous volumes; nothing happens when it is not there. */
export async function removeContainer(engine: Engine, name: string): Promise<void> {
  for (;;) {
    try {
      const query = { force: true, v: true }
      await engine.json({ method: 'DELETE', path: `/containers/${name}`, query })
      return
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      if (error.status === 404) return
      // Its removal is under way: it is gone when there is nothing to remove any more.
      if (error.status !== 409) throw error
      await new Promise((resolve) => setTimeout(resolve, againMs))
    }
  }
}
