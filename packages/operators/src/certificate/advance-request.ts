import type { JsonObject, KubeObject } from '@argosy/engine'
import { clientSigner, resources } from '@argosy/kube'
import {
  type Condition,
  createdAt,
  type Decided,
  hasCondition,
  removal,
  statusEffect,
  withCondition,
} from '@argosy/kube/workload'

/** Kubernetes' CertificateSigningRequest. */
export interface SigningRequest extends KubeObject {
  readonly spec: {
    /** PEM, in base64. */
    readonly request: string
    readonly signerName: string
    readonly expirationSeconds?: number
    readonly usages?: readonly string[]
  }
  readonly status?: {
    readonly certificate?: string
    readonly conditions?: readonly Condition[]
  }
}

const usages = ['client auth', 'digital signature', 'key encipherment']
const hourMs = 3_600_000

/** What a request for a certificate comes to next; `sign`: somebody has approved it, and it is ours to sign. */
export function advanceRequest(request: SigningRequest, now: number): Decided | 'sign' {
  const { spec, status = {} } = request
  const { conditions = [] } = status
  const isOver =
    Boolean(status.certificate) ||
    ['Denied', 'Failed'].some((type) => hasCondition(conditions, type))
  const isApproved = hasCondition(conditions, 'Approved')
  if (!isOver && isApproved && spec.signerName === clientSigner) {
    const flaw = usageFlaw(spec.usages ?? [])
    return flaw === undefined ? 'sign' : failed(request, flaw, now)
  }
  return tidy(request, isOver ? hourMs : isApproved ? undefined : 24 * hourMs, now)
}

function usageFlaw(wanted: readonly string[]): string | undefined {
  const other = wanted.find((usage) => !usages.includes(usage))
  if (other) return `usages: ${JSON.stringify(other)} is not one of ${usages.join(', ')}`
  return wanted.includes('client auth') ? undefined : 'usages: "client auth" is required'
}

function failed(request: SigningRequest, message: string, now: number): Decided {
  const failure = {
    type: 'Failed',
    status: 'True',
    reason: 'SignerValidationFailure',
    message,
  } as const
  const { conditions = [] } = request.status ?? {}
  return written(request, { conditions: withCondition(conditions, failure, now, 'lastUpdateTime') })
}

export function written(request: SigningRequest, status: object): Decided {
  const resource = resources.certificateSigningRequests
  return { effects: statusEffect(resource, request, status as unknown as JsonObject) }
}

/** As kube-controller-manager: what is over goes an hour after it was decided, what nobody decided after a day. */
function tidy(request: SigningRequest, after: number | undefined, now: number): Decided {
  if (after === undefined) return { effects: [] }
  const times = (request.status?.conditions ?? []).map(({ lastUpdateTime = '' }) =>
    Date.parse(lastUpdateTime),
  )
  const since = Math.max(createdAt(request), ...times.filter((time) => !Number.isNaN(time)))
  const due = since + after
  if (due > now) return { effects: [], wakeAt: due }
  return { effects: [removal(resources.certificateSigningRequests, request)] }
}
