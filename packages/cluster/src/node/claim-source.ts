import { type Client, type Clock, resources } from '@argosy/kube'
import type { Claim, Claims } from './claims.ts'
import { keepFollowing } from './keep-following.ts'
import { Refusal } from './refusal.ts'

interface Source {
  readonly client: Client
  readonly clock: Clock
  /** Told of what should not have happened; it is tried again. */
  readonly warn: (error: unknown) => void
}

/** Binds every claim there is and will be, unless there are several nodes, until `signal` aborts, and takes back what those that go have held. */
export function watchClaims(claims: Claims, source: Source, signal: AbortSignal): Promise<void> {
  return keepFollowing(source, () => follow(claims, source.client, signal), signal)
}

async function follow(claims: Claims, client: Client, signal: AbortSignal): Promise<void> {
  const resource = resources.persistentVolumeClaims
  const { items, resourceVersion } = await client.list<Claim>({ resource }, signal)
  await claims.sweep(new Set(items.map(({ metadata }) => metadata.uid ?? '')))
  for (const claim of items) await bind(claims, claim)
  for await (const batch of client.watch<Claim>({ resource, resourceVersion }, signal)) {
    for (const { type, object } of batch) {
      if (type === 'DELETED') await claims.reclaim(object)
      else if (type !== 'BOOKMARK') await bind(claims, object)
    }
  }
}

/** One that cannot be given stays Pending; the pods that wait for it say why. */
async function bind(claims: Claims, claim: Claim): Promise<void> {
  const { phase } = claim.status ?? {}
  if (phase === 'Bound' || claim.metadata.deletionTimestamp !== undefined) return
  if (!claims.isAlone) return
  try {
    await claims.bind(claim)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}
