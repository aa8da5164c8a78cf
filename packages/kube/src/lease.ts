import type { KubeObject } from '@argosy/engine'
import type { Client, Ref } from './client.ts'
import type { Clock } from './clock.ts'
import { resources } from './resource.ts'
import { StatusError } from './status-error.ts'

export interface LeaseOptions {
  readonly client: Client
  readonly clock: Clock
  readonly namespace: string
  /** What is led: one object of this name for all who want to. */
  readonly name: string
  /** Who wants to lead; no two of the same name may live. */
  readonly identity: string
  /** How long others leave a leader alone who is not heard of; Kubernetes' default of 15 s. */
  readonly durationMs?: number
  /** Told once, when somebody else leads. */
  readonly waiting?: (holder: string) => void
}

/** Leadership, until it is given up or lost. */
export interface HeldLease extends AsyncDisposable {
  /** Aborts when it could not be renewed in time: another one may lead from now on. */
  readonly lost: AbortSignal
}

interface Lease extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string
    readonly leaseDurationSeconds?: number
    readonly acquireTime?: string
    readonly renewTime?: string
    readonly leaseTransitions?: number
  }
}

/** What was seen last, and when: clocks of others are not compared with ours. */
interface Seen {
  readonly version: string
  readonly at: number
}

const retryMs = 2000

/**
 * Waits until this process leads, as client-go's leader election does. Rejects when `signal` aborts. Dispose to give
 * leadership up, so that the next one need not wait.
 */
export async function holdLease(options: LeaseOptions, signal: AbortSignal): Promise<HeldLease> {
  const { clock } = options
  let seen: Seen = { version: '', at: clock.now() }
  let told = false
  for (;;) {
    const outcome = await tryTake(options, seen, signal).catch(passing)
    if (outcome === 'held') return keep(options)
    if (outcome && !told) options.waiting?.(outcome.holder)
    told ||= outcome !== undefined
    if (outcome && outcome.version !== seen.version) {
      seen = { version: outcome.version, at: clock.now() }
    }
    await clock.until(clock.now() + retryMs, signal)
  }
}

/** A server that cannot be asked, or somebody who was faster: the next try tells. */
function passing(error: unknown): undefined {
  if (
    error instanceof StatusError &&
    error.reason !== 'Forbidden' &&
    error.reason !== 'Unauthorized'
  )
    return undefined
  throw error
}

async function tryTake(
  options: LeaseOptions,
  seen: Seen,
  signal: AbortSignal,
): Promise<'held' | { readonly holder: string; readonly version: string }> {
  const { client, identity } = options
  const lease = await client.get<Lease>(refOf(options), signal)
  if (!lease) {
    await client.create(resources.leases, {
      ...leaseOf(options),
      spec: specOf(options, undefined),
    } as KubeObject)
    return 'held'
  }
  const { holderIdentity: holder = '', leaseDurationSeconds = 15 } = lease.spec ?? {}
  const version = lease.metadata.resourceVersion ?? ''
  const since = version === seen.version ? seen.at : options.clock.now()
  const isOver = since + leaseDurationSeconds * 1000 <= options.clock.now()
  if (holder !== '' && holder !== identity && !isOver) return { holder, version }
  await write(options, lease, signal)
  return 'held'
}

/** Renews until it is given up; a renewal that comes too late counts as lost. */
function keep(options: LeaseOptions): HeldLease {
  const { clock, durationMs = 15_000 } = options
  const end = new AbortController()
  const lost = new AbortController()
  const renewing = (async () => {
    let renewedAt = clock.now()
    while (!end.signal.aborted) {
      await clock.until(clock.now() + retryMs, end.signal)
      if (await renew(options, end.signal)) renewedAt = clock.now()
      // A third earlier than others may take it.
      else if (clock.now() - renewedAt >= (durationMs * 2) / 3) break
    }
  })()
    .catch(() => undefined)
    .finally(() => {
      if (!end.signal.aborted) lost.abort(new Error('leadership was lost'))
    })
  return {
    lost: lost.signal,
    async [Symbol.asyncDispose]() {
      end.abort()
      await renewing
      if (!lost.signal.aborted) await giveUp(options).catch(() => undefined)
    },
  }
}

/** False when it is somebody else's, or could not be written now. */
async function renew(options: LeaseOptions, signal: AbortSignal): Promise<boolean> {
  try {
    const lease = await options.client.get<Lease>(refOf(options), signal)
    if (lease?.spec?.holderIdentity !== options.identity) return false
    await write(options, lease, signal)
    return true
  } catch {
    return false
  }
}

async function write(options: LeaseOptions, lease: Lease, signal: AbortSignal): Promise<void> {
  const spec = { ...lease.spec, ...specOf(options, lease) }
  await options.client.update(resources.leases, { ...lease, spec } as KubeObject, signal)
}

async function giveUp(options: LeaseOptions): Promise<void> {
  const { client, identity } = options
  const lease = await client.get<Lease>(refOf(options))
  if (lease?.spec?.holderIdentity !== identity) return
  const spec = { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1 }
  await client.update(resources.leases, { ...lease, spec } as KubeObject)
}

function specOf({ clock, identity, durationMs = 15_000 }: LeaseOptions, before: Lease | undefined) {
  const now = `${new Date(clock.now()).toISOString().slice(0, -1)}000Z`
  const isOurs = before?.spec?.holderIdentity === identity
  const { leaseTransitions = 0, acquireTime } = before?.spec ?? {}
  return {
    holderIdentity: identity,
    leaseDurationSeconds: Math.ceil(durationMs / 1000),
    renewTime: now,
    acquireTime: isOurs ? (acquireTime ?? now) : now,
    leaseTransitions: before && !isOurs ? leaseTransitions + 1 : leaseTransitions,
  }
}

function leaseOf({ namespace, name }: LeaseOptions): Lease {
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { namespace, name } }
}

function refOf({ namespace, name }: LeaseOptions): Ref {
  return { resource: resources.leases, namespace, name }
}
