import type { AskedOfNode } from '@argosy/cluster/api-server'
import type { NodeWorld } from './run-node.ts'

const rememberedMs = 60_000

interface Review {
  readonly status?: { readonly allowed?: boolean }
}

/** Asks the server whether somebody may ask this node, as a kubelet does; its answer holds for a minute. */
export function mayAskNode(
  { connection, clock }: Pick<NodeWorld, 'connection' | 'clock'>,
  name: string,
): (asked: AskedOfNode) => Promise<boolean> {
  const known = new Map<string, { readonly allowed: boolean; readonly until: number }>()
  return async ({ identity, verb, subresource }) => {
    const key = JSON.stringify([identity.user, identity.groups, verb, subresource])
    const before = known.get(key)
    if (before && before.until > clock.now()) return before.allowed
    const resourceAttributes = { verb, version: 'v1', resource: 'nodes', subresource, name }
    const review = await connection.ask<Review>(
      '/apis/authorization.k8s.io/v1/subjectaccessreviews',
      {
        method: 'POST',
        body: {
          ...{ apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview' },
          spec: { user: identity.user, groups: identity.groups, resourceAttributes },
        },
      },
    )
    const allowed = review.status?.allowed === true
    known.set(key, { allowed, until: clock.now() + rememberedMs })
    return allowed
  }
}
