import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { hostname } from 'node:os'
import { type HeldLease, holdLease, instanceClient, QueueMeters, systemClock } from '@argosy/kube'
import { ClientMeter } from '@argosy/kube/remote'
import { ControllerMetrics, CustomMetrics, type Deleter } from '@argosy/operators'
import { startControllers } from '../controllers.ts'
import { connect } from '../remote/connect.ts'
import type { RemoteFlags } from '../remote/remote-flags.ts'
import { listenForInterrupts } from '../run/interrupts.ts'
import { atPort } from '../server/at-port.ts'
import { instanceOf } from '../server/instance-of.ts'
import { openMetricsDoor } from '../server/metrics-door.ts'
import { version } from '../version.ts'
import { startPatiently } from './start-patiently.ts'

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
  // Templates are everybody's, only workflows and schedules have an owner: the client sees all.
  using remote = await connect({ ...flags, instanceid: '' }, asked.heard)
  const { stop } = interrupts
  // A server that is not there, or not ours, is told now and not by its first watch.
  await remote.connection.ask('/version', { signal: stop })
  const { client } = remote
  const instance = await instanceOf(client, flags.instanceid ?? process.env['ARGO_INSTANCEID'])
  const leading = { say, stop, instance }
  await using lease = flags.leaderElect ? await lead(remote, flags, leading) : undefined
  if (stop.aborted) return 0
  const clock = systemClock
  const metrics = new CustomMetrics({ now: () => clock.now(), log })
  const meters = new QueueMeters()
  const given = { client, clock, log, remove, metrics: metrics.apply, meters, instance }
  const over = AbortSignal.any(lease ? [stop, lease.lost] : [stop])
  const waiting = { clock, log, signal: over }
  await using controllers = await startPatiently(() => startControllers(given), waiting).catch(
    (error: unknown) => {
      if (over.aborted) return undefined
      throw error
    },
  )
  if (!controllers) return stop.aborted ? 0 : leadershipLost(log)
  await using counted = new ControllerMetrics({
    client: instanceClient(client, instance),
    clock,
    version: version(),
  })
  const text = () => counted.text() + metrics.text() + meters.text() + asked.text()
  const { metricsPort: port } = flags
  await using scraped =
    port === undefined
      ? undefined
      : await atPort('--metrics-port', openMetricsDoor({ host: '127.0.0.1', port, text }))
  if (scraped) say(`metrics are at ${scraped.url}`)
  say(`argosy controls the workflows of ${remote.connection.access.server}`)
  if (!over.aborted) await once(over, 'abort')
  return lease?.lost.aborted ? leadershipLost(log) : 0
}

function leadershipLost(log: (line: string) => void): 1 {
  log('leadership was lost: stopping, so that only one controller acts')
  return 1
}

interface Leading {
  readonly say: (line: string) => void
  readonly stop: AbortSignal
  readonly instance: string
}

async function lead(
  { client }: Awaited<ReturnType<typeof connect>>,
  { leaseNamespace }: ControllerFlags,
  { say, stop, instance }: Leading,
): Promise<HeldLease | undefined> {
  const identity = `${hostname()}_${randomBytes(6).toString('hex')}`
  const waiting = (holder: string) => say(`${holder} leads; waiting for its place`)
  // argo: one leader for each instance id.
  const name = instance === '' ? 'argosy-controller' : `argosy-controller-${instance}`
  const place = { namespace: leaseNamespace, name, identity, waiting }
  return holdLease({ client, clock: systemClock, ...place }, stop).catch((error: unknown) => {
    if (stop.aborted) return undefined
    throw error
  })
}

/** Which repository an artifact is in only the machine with the drivers' credentials and disks can know. */
const remove: Deleter = async () => {
  throw new Error('a controller outside of `argosy server` deletes no artifacts yet')
}
