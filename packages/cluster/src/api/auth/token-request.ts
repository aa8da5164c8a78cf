import { isObject, type Json, type JsonObject, type KubeObject } from '@argosy/engine'
import { type Resource, resources, StatusError } from '@argosy/kube'
import type { Store } from '../../store/store.ts'
import { objectIn, readBody } from '../http/body.ts'
import type { ObjectCall } from '../http/call.ts'
import { sendJson } from '../http/reply.ts'
import type { PartHandler } from '../http/world.ts'
import { collectionOf } from '../kinds.ts'
import { flawOf } from '../parts/schema/flaw.ts'
import { badRequest, forbidden, invalid, notFound } from '../refusals.ts'
import { rfc3339 } from '../time.ts'
import type { Bound } from './account-claims.ts'
import type { AccountTokens } from './account-tokens.ts'
import { hasPod, nodeNamed } from './guard-nodes.ts'

interface RequestOptions {
  readonly store: Pick<Store, 'get'>
  readonly tokens: AccountTokens
  readonly now: () => number
}

const apiVersion = 'authentication.k8s.io/v1'
const tokenRequest: Resource = {
  ...{ group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
  ...{ plural: 'tokenrequests', namespaced: true },
}

/** `POST` to a ServiceAccount's `token`: what `kubectl create token` asks. */
export function answerTokenRequest({ store, tokens, now }: RequestOptions): PartHandler {
  return async (call: ObjectCall) => {
    if (call.request.method !== 'POST') throw onlyCreated()
    const { namespace = '', name } = call.place
    const body = objectIn(await readBody(call.request))
    checkType(body)
    const spec = isObject(body['spec']) ? body['spec'] : {}
    const { audiences, seconds } = wishOf(spec)
    const account = store.get({ collection: 'serviceaccounts', namespace, name })
    if (!account) throw notFound(resources.serviceAccounts, name)
    const ref = { namespace, name, uid: account.metadata.uid ?? '' }
    const bound = boundTo(spec['boundObjectRef'], ref, store)
    mayHave(call, bound, store)
    const issued = await tokens.issue({ account: ref, audiences, seconds, bound })
    sendJson(call.response, 201, {
      kind: 'TokenRequest',
      apiVersion,
      metadata: { name, namespace, creationTimestamp: rfc3339(now()) },
      spec: { ...spec, audiences: issued.audiences, expirationSeconds: seconds },
      status: { token: issued.token, expirationTimestamp: rfc3339(issued.expiresAt) },
    })
  }
}

/** A node has tokens for the pods that are on it, and for nobody else. */
function mayHave(
  { identity, place }: ObjectCall,
  bound: readonly Bound[],
  store: Pick<Store, 'get'>,
): void {
  if (nodeNamed(identity) === undefined) return
  const { namespace = '', name } = place
  const podName = bound.find(({ kind }) => kind === 'Pod')?.name ?? ''
  const pod = store.get({ collection: 'pods', namespace, name: podName })?.value
  if (hasPod(identity, pod)) return
  const why = 'a node can only have tokens that are bound to its pods'
  throw forbidden(resources.serviceAccounts, name, why)
}

function checkType(body: JsonObject): void {
  const isOurs =
    (body['kind'] ?? 'TokenRequest') === 'TokenRequest' &&
    (body['apiVersion'] ?? apiVersion) === apiVersion
  if (!isOurs)
    throw badRequest(
      `${body['kind']} in version ${JSON.stringify(body['apiVersion'])} cannot be handled as a TokenRequest`,
    )
}

function wishOf(spec: JsonObject) {
  const { audiences = [], expirationSeconds } = spec
  const isList = Array.isArray(audiences) && audiences.every((one: Json) => typeof one === 'string')
  if (!isList && audiences !== null) throw badRequest('spec.audiences: expected a list of strings')
  const seconds = expirationSeconds ?? 3600
  const why = durationFlaw(seconds)
  if (why) {
    throw invalid(tokenRequest, '', [flawOf.invalid('spec.expirationSeconds', seconds, why)])
  }
  return { audiences: (audiences ?? []) as readonly string[], seconds: seconds as number }
}

function durationFlaw(seconds: Json): string | undefined {
  if (typeof seconds !== 'number' || !Number.isInteger(seconds)) return 'must be an integer'
  if (seconds < 600) return 'may not specify a duration less than 10 minutes'
  return seconds > 2 ** 32 ? 'may not specify a duration larger than 2^32 seconds' : undefined
}

const bindable = { Pod: resources.pods, Secret: resources.secrets, Node: resources.nodes } as const

function boundTo(
  given: Json | undefined,
  account: { readonly namespace: string; readonly name: string },
  store: Pick<Store, 'get'>,
): readonly Bound[] {
  if (!isObject(given)) return []
  const { kind, name, uid } = given
  if (given['apiVersion'] !== 'v1' || (kind !== 'Pod' && kind !== 'Secret' && kind !== 'Node')) {
    const type = `${given['apiVersion'] ?? ''}, Kind=${kind ?? ''}`
    throw badRequest(`cannot bind token to object of type ${type}`)
  }
  const namespace = kind === 'Node' ? '' : account.namespace
  const collection = collectionOf(bindable[kind])
  const found = store.get({ collection, namespace, name: String(name) })?.value
  if (!found) throw notFound(bindable[kind], String(name))
  const actual = found.metadata.uid ?? ''
  if (uid && uid !== actual) throw otherUid(kind, String(name), String(uid))
  if (kind !== 'Pod') return [{ kind, name: String(name), uid: actual }]
  return [{ kind, name: String(name), uid: actual }, ...nodeOf(found, account.name, store)]
}

/** A pod's token tells also on which node the pod is. */
function nodeOf(pod: KubeObject, account: string, store: Pick<Store, 'get'>): readonly Bound[] {
  const { spec } = pod as unknown as JsonObject
  const { serviceAccountName = 'default', nodeName } = isObject(spec) ? spec : {}
  if (serviceAccountName !== account) {
    throw badRequest(
      `cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with different serviceaccount name.`,
    )
  }
  if (typeof nodeName !== 'string') return []
  const node = store.get({ collection: 'nodes', namespace: '', name: nodeName })
  return node ? [{ kind: 'Node', name: nodeName, uid: node.metadata.uid ?? '' }] : []
}

function otherUid(kind: string, name: string, given: string): StatusError {
  const why = `the UID in the bound object reference (${given}) does not match the UID in record. The object might have been deleted and then recreated`
  return new StatusError(
    'Conflict',
    `Operation cannot be fulfilled on ${kind} ${JSON.stringify(name)}: ${why}`,
    { details: { kind, name } },
  )
}

function onlyCreated(): StatusError {
  return new StatusError('MethodNotAllowed', 'a token can only be created')
}
