import { type KubeObject, parseTime } from '@argosy/engine'
import { ignore, resources } from '@argosy/kube'
import { createdAt, type KeeperOptions, refOf } from '@argosy/kube/workload'

interface Event extends KubeObject {
  readonly lastTimestamp?: string | null
  readonly eventTime?: string | null
}

const lifetime = 3_600_000
const pause = 300_000

/** Deletes Events an hour after they were last said: all that are due together, now and then. Dispose to stop. */
export function startEventExpiry(options: KeeperOptions): AsyncDisposable {
  const stop = new AbortController()
  const { clock, log = () => undefined } = options
  const sweep = async () => {
    while (!stop.signal.aborted) {
      await clock.until(clock.now() + pause, stop.signal).catch(() => undefined)
      if (stop.signal.aborted) return
      await expire(options).catch((error: unknown) => log(`events: ${String(error)}`))
    }
  }
  const sweeping = sweep()
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await sweeping
    },
  }
}

async function expire({ client, clock }: KeeperOptions): Promise<void> {
  const { items } = await client.list<Event>({ resource: resources.events })
  const old = items.filter((event) => isOld(event, clock.now()))
  // One that was said again meanwhile stays.
  await Promise.all(
    old.map((event) => {
      const { resourceVersion = '' } = event.metadata
      const ref = refOf(resources.events, event)
      return client.remove(ref, { resourceVersion }).catch(ignore('NotFound', 'Conflict'))
    }),
  )
}

function isOld(event: Event, now: number): boolean {
  const said = [event.lastTimestamp, event.eventTime].flatMap((text) => parseTime(text ?? '') ?? [])
  return Math.max(createdAt(event), ...said) + lifetime <= now
}
