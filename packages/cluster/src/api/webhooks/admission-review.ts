import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { type JsonPatchOp, StatusError, type StatusReason } from '@argosy/kube'
import type { Identity } from '../http/identity.ts'
import type { ReviewedWrite } from './hears-of.ts'
import type { Webhook } from './webhook.ts'

/** What a webhook is asked. */
export interface Question {
  readonly write: ReviewedWrite
  readonly kind: string
  readonly name: string
  readonly namespace: string | undefined
  readonly identity: Identity
  readonly object: JsonObject | undefined
  readonly old: JsonObject | undefined
  readonly dryRun: boolean
  /** Who the request says that it writes as. */
  readonly fieldManager: string | undefined
}

/** The body of a review; `uid` is what the answer has to repeat. */
export function reviewFor(question: Question, { reviewVersion }: Webhook, uid: string): JsonObject {
  const { write, kind, name, namespace, object, old, dryRun, fieldManager } = question
  const { group, version, plural: resource, subresource, operation } = write
  const part = subresource === undefined ? {} : { subResource: subresource }
  return {
    kind: 'AdmissionReview',
    apiVersion: `admission.k8s.io/${reviewVersion}`,
    request: {
      uid,
      kind: { group, version, kind },
      resource: { group, version, resource },
      ...part,
      requestKind: { group, version, kind },
      requestResource: { group, version, resource },
      ...(subresource !== undefined && { requestSubResource: subresource }),
      ...(name !== '' && { name }),
      ...(namespace !== undefined && { namespace }),
      operation,
      userInfo: userInfo(question.identity),
      object: object ?? null,
      oldObject: old ?? null,
      dryRun,
      options: {
        kind: optionsOf[operation],
        apiVersion: 'meta.k8s.io/v1',
        ...(dryRun && { dryRun: ['All'] }),
        ...(fieldManager !== undefined && operation !== 'DELETE' && { fieldManager }),
      },
    },
  }
}

const optionsOf = {
  CREATE: 'CreateOptions',
  UPDATE: 'UpdateOptions',
  DELETE: 'DeleteOptions',
} as const

function userInfo({ user, groups, uid, extra }: Identity): JsonObject {
  return {
    username: user,
    groups: [...groups],
    ...(uid !== undefined && { uid }),
    ...(extra && { extra: extra as unknown as JsonObject }),
  }
}

/** What a webhook says. */
export interface Answer {
  readonly denied: StatusError | undefined
  readonly patch: readonly JsonPatchOp[]
  readonly warnings: readonly string[]
}

/** Reads what came back; throws an `Error` when it is no answer to the question. */
export function answerIn(body: Json, webhook: Webhook, uid: string): Answer {
  const wanted = `admission.k8s.io/${webhook.reviewVersion}`
  const { apiVersion, kind, response } = isObject(body) ? body : ({} as JsonObject)
  if (apiVersion !== wanted || kind !== 'AdmissionReview') {
    const got = `${apiVersion ?? ''}, Kind=${kind ?? ''}`
    throw new Error(
      `received invalid webhook response: expected webhook response of ${wanted}, Kind=AdmissionReview, got ${got}`,
    )
  }
  if (!isObject(response))
    throw new Error('received invalid webhook response: webhook response was absent')
  if (response['uid'] !== uid) {
    const got = JSON.stringify(response['uid'] ?? '')
    throw new Error(
      `received invalid webhook response: expected response.uid=${JSON.stringify(uid)}, got ${got}`,
    )
  }
  const { warnings } = response
  return {
    denied: response['allowed'] === true ? undefined : denial(webhook.name, response['status']),
    patch: response['allowed'] === true ? patchIn(response) : [],
    warnings: Array.isArray(warnings) ? (warnings as readonly Json[]).map(String) : [],
  }
}

function patchIn({ patch, patchType }: JsonObject): readonly JsonPatchOp[] {
  if (typeof patch !== 'string' || patch === '') return []
  if (patchType !== 'JSONPatch') {
    throw new Error(
      `received invalid webhook response: webhook returned response.patch but not response.patchType, or one that is not JSONPatch`,
    )
  }
  const ops: unknown = JSON.parse(Buffer.from(patch, 'base64').toString('utf8'))
  if (!Array.isArray(ops)) throw new Error('received invalid webhook response: no JSON Patch')
  return ops as readonly JsonPatchOp[]
}

const known: readonly StatusReason[] = [
  'Forbidden',
  'BadRequest',
  'Invalid',
  'Conflict',
  'NotFound',
]

/** A refusal in the webhook's words, and with its code when that is one of a refusal. */
function denial(name: string, status: Json | undefined): StatusError {
  const { message, reason, code } = isObject(status) ? status : ({} as JsonObject)
  const why = message || reason
  const by = `admission webhook ${JSON.stringify(name)} denied the request`
  return new StatusError(
    known.find((one) => one === reason) ?? 'Unknown',
    why ? `${by}: ${why}` : `${by} without explanation`,
    { code: typeof code === 'number' && code >= 400 ? code : 400 },
  )
}
