import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { hostname } from 'node:os'
import { type HeldLease, holdLease, QueueMeters, systemClock } from '@argosy/kube'
import { ClientMeter } from '@argosy/kube/remote'
import { ControllerMetrics, CustomMetrics, type Deleter } from '@argosy/operators'
import { startControllers } from '../controllers.ts'
import { connect } from '../remote/connect.ts'
import type { RemoteFlags } from '../remote/remote-flags.ts'
import { listenForInterrupts } from '../run/interrupts.ts'
import { atPort } from '../server/at-port.ts'
import { openMetricsDoor } from '../server/metrics-door.ts'
import { version } from '../version.ts'

export interface ControllerFlags extends RemoteFlags {
  readonly leaderElect: boolean
  readonly leaseNamespace: string
  readonly metricsPort?: number
}

interface Streams {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown }
}

/** Runs the controllers against the Kubernetes of a kubeconfig until somebody ends it; resolves to the exit code. */
export async function control(
  flags: ControllerFlags,
  { stdout, stderr }: Streams,
): Promise<number> {
  const log = (line: string) => stderr.write(`argosy: ${line}\n`)
  const say = (line: string) => stdout.write(`${line}\n`)
  using interrupts = listenForInterrupts(Date.now)
  const asked = new ClientMeter()
  using remote = await connect(flags, asked.heard)
  const { stop } = interrupts
  // A server that is not there, or not ours, is told now and not by its first watch.
  await remote.connection.ask('/version', { signal: stop })
  await using lease = flags.leaderElect ? await lead(remote, flags, { say, stop }) : undefined
  if (stop.aborted) return 0
  const clock = systemClock
  const metrics = new CustomMetrics({ now: () => clock.now(), log })
  const { client } = remote
  const meters = new QueueMeters()
  const given = { client, clock, log, remove, metrics: metrics.apply, meters }
  await using _ = await startControllers(given)
  await using counted = new ControllerMetrics({ client, clock, version: await version() })
  const text = () => counted.text() + metrics.text() + meters.text() + asked.text()
  const { metricsPort: port } = flags
  await using scraped =
    port === undefined
      ? undefined
      : await atPort('--metrics-port', openMetricsDoor({ host: '127.0.0.1', port, text }))
  if (scraped) say(`metrics are at ${scraped.url}`)
  say(`argosy controls the workflows of ${remote.connection.access.server}`)
  const over = AbortSignal.any(lease ? [stop, lease.lost] : [stop])
  if (!over.aborted) await once(over, 'abort')
  if (!lease?.lost.aborted) return 0
  log('leadership was lost: stopping, so that only one controller acts')
  return 1
}

async function lead(
  { client }: Awaited<ReturnType<typeof connect>>,
  { leaseNamespace }: ControllerFlags,
  { say, stop }: { readonly say: (line: string) => void; readonly stop: AbortSignal },
): Promise<HeldLease | undefined> {
  const identity = `${hostname()}_${randomBytes(6).toString('hex')}`
  const waiting = (holder: string) => say(`${holder} leads; waiting for its place`)
  const place = { namespace: leaseNamespace, name: 'argosy-controller', identity, waiting }
  return holdLease({ client, clock: systemClock, ...place }, stop).catch((error: unknown) => {
    if (stop.aborted) return undefined
    throw error
  })
}

/** Which repository an artifact is in only the machine with the drivers' credentials and disks can know. */
const remove: Deleter = async () => {
  throw new Error('a controller outside of `argosy server` deletes no artifacts yet')
}
