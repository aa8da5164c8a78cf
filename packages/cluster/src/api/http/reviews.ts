import { isObject, type JsonObject } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import { badRequest } from '../refusals.ts'
import { objectIn, readBody } from './body.ts'
import type { Call } from './call.ts'
import type { Attributes, Identity } from './identity.ts'
import { sendJson } from './reply.ts'
import type { Review } from './reviews.table.ts'
import type { ResourceTarget } from './target.ts'
import type { World } from './world.ts'

/** Answers a question about who somebody is, or what they may do. */
export async function answerReview(
  call: Call & { readonly target: ResourceTarget },
  review: Review,
  world: World,
): Promise<void> {
  const body = objectIn(await readBody(call.request))
  if (body['kind'] !== undefined && body['kind'] !== review.kind) {
    throw badRequest(
      `the kind in the data (${body['kind']}) does not match the expected kind (${review.kind})`,
    )
  }
  const spec = isObject(body['spec']) ? body['spec'] : {}
  const status = await answers[review.kind]?.(spec, call.identity, world)
  const { group, version } = call.target
  const metadata = isObject(body['metadata']) ? body['metadata'] : {}
  sendJson(call.response, 201, {
    kind: review.kind,
    apiVersion: `${group}/${version}`,
    metadata: { ...metadata, creationTimestamp: null },
    ...(body['spec'] !== undefined && { spec }),
    status,
  })
}

type Answer = (spec: JsonObject, identity: Identity, world: World) => Promise<unknown>

const answers: Readonly<Record<string, Answer>> = {
  SelfSubjectReview: async (_, identity) => ({ userInfo: userInfo(identity) }),
  TokenReview: reviewToken,
  SelfSubjectAccessReview: (spec, identity, world) => mayDo(spec, identity, world),
  SubjectAccessReview: (spec, _, world) => mayDo(spec, subjectOf(spec), world),
  LocalSubjectAccessReview: (spec, _, world) => mayDo(spec, subjectOf(spec), world),
  SelfSubjectRulesReview: async (spec, identity, world) => {
    if (!world.rulesOf)
      throw new StatusError('NotImplemented', 'the rules of a user cannot be listed by this server')
    return world.rulesOf(identity, text(spec['namespace']))
  },
}

function userInfo({ user, uid, groups, extra }: Identity) {
  return { username: user, ...(uid && { uid }), groups, ...(extra && { extra }) }
}

async function reviewToken(spec: JsonObject, _: Identity, world: World) {
  const token = text(spec['token'])
  const wanted = Array.isArray(spec['audiences']) ? spec['audiences'].map(String) : []
  const identity = await world.authenticate({
    headers: { authorization: `Bearer ${token}` },
    ...(wanted.length > 0 && { audiences: wanted }),
  })
  if (!identity) return { user: {}, error: 'the token is not valid' }
  const { audiences } = identity
  return { authenticated: true, user: userInfo(identity), ...(audiences && { audiences }) }
}

function subjectOf(spec: JsonObject): Identity {
  const groups = Array.isArray(spec['groups']) ? spec['groups'].map(String) : []
  const user = text(spec['user'])
  if (!user && groups.length === 0)
    throw badRequest(
      'spec.user: Invalid value: "": at least one of user or group must be specified',
    )
  return { user, groups }
}

async function mayDo(spec: JsonObject, identity: Identity, world: World) {
  const { resourceAttributes: asked, nonResourceAttributes: path } = spec
  if (isObject(asked) === isObject(path)) {
    throw badRequest(
      'spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
    )
  }
  const { allowed, reason } = await world.authorize(attributesOf(asked ?? path, identity))
  return { allowed, ...(reason && { reason }) }
}

function attributesOf(asked: unknown, identity: Identity): Attributes {
  const given = isObject(asked) ? asked : {}
  const optional = ['subresource', 'namespace', 'name', 'path'] as const
  const rest = optional.flatMap((name) => (given[name] ? [[name, text(given[name])]] : []))
  return {
    identity,
    verb: text(given['verb']),
    group: text(given['group']),
    version: text(given['version']),
    resource: text(given['resource']),
    ...Object.fromEntries(rest),
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
