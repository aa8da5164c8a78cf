import { StatusError } from '@argosy/kube'
import { page } from '../page.ts'
import type { ResourceCall } from './call.ts'
import { sendPage } from './present.ts'
import { wholeNumber } from './query.ts'
import type { World } from './world.ts'

/** `GET` of a collection. */
export async function list(call: ResourceCall, world: World): Promise<void> {
  const { query, kind } = call
  checkVersions(query, world.objects.store.revision)
  const selectors = selectorsOf(call)
  const limit = wholeNumber(query, 'limit')
  const after = query.get('continue')
  const asked = {
    ...selectors,
    resource: kind.resource,
    ...(limit !== undefined && { limit }),
    ...(after && { continue: after }),
  }
  const found = page(world.objects.list(kind, selectors), asked, world.objects.store.revision)
  const isSelected = selectors.labelSelector || selectors.fieldSelector
  sendPage(call, world, {
    items: found.items,
    resourceVersion: found.resourceVersion,
    continue: found.continue,
    remainingItemCount: isSelected ? undefined : found.remaining,
  })
}

/** What a request wants of a collection. */
export function selectorsOf({ target, query }: ResourceCall) {
  const labelSelector = query.get('labelSelector')
  const fieldSelector = query.get('fieldSelector')
  return {
    ...(target.namespace !== undefined && { namespace: target.namespace }),
    ...(labelSelector && { labelSelector }),
    ...(fieldSelector && { fieldSelector }),
  }
}

/** Only what is true now can be listed: a version of the past that is asked for exactly is gone, one of the future too large. */
function checkVersions(query: URLSearchParams, revision: number): void {
  const version = query.get('resourceVersion') ?? ''
  const match = query.get('resourceVersionMatch') ?? ''
  if (query.has('sendInitialEvents'))
    throw invalidOption('sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list')
  if (match !== '') checkMatch(match, version)
  const wanted = revisionIn(version)
  if (wanted > revision) throw tooLarge(wanted, revision)
  if (match === 'Exact' && wanted !== revision) {
    throw new StatusError(
      'Expired',
      `The provided resourceVersion ${wanted} is no longer available for an exact list (now ${revision}).`,
    )
  }
}

function checkMatch(match: string, version: string): void {
  if (version === '')
    throw invalidOption(
      'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    )
  if (match !== 'Exact' && match !== 'NotOlderThan')
    throw invalidOption(
      `resourceVersionMatch: Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan"`,
    )
  if (match === 'Exact' && version === '0')
    throw invalidOption(
      'resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    )
}

/** The number in a resourceVersion; 0 for none. */
export function revisionIn(version: string): number {
  if (version === '') return 0
  if (/^\d{1,15}$/.test(version)) return Number(version)
  throw new StatusError(
    'BadRequest',
    `Invalid value: ${JSON.stringify(version)}: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`,
  )
}

export function invalidOption(message: string): StatusError {
  return new StatusError('Invalid', `ListOptions.meta.k8s.io "" is invalid: ${message}`, {
    details: { group: 'meta.k8s.io', kind: 'ListOptions', causes: [{ message }] },
  })
}

export function tooLarge(wanted: number, current: number): StatusError {
  const message = `Too large resource version: ${wanted}, current: ${current}`
  return new StatusError('Timeout', message, {
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  })
}
