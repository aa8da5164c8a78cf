import { isObject, type Json, type JsonObject } from '@argosy/engine'

/** The object that a token ends with. */
export interface Bound {
  readonly kind: 'Pod' | 'Secret' | 'Node'
  readonly name: string
  readonly uid: string
}

/** A ServiceAccount, as one of its tokens names it. */
export interface AccountRef {
  readonly namespace: string
  readonly name: string
  readonly uid: string
}

/** What a token of a ServiceAccount says. Times are seconds. */
export interface AccountClaims {
  readonly account: AccountRef
  readonly audiences: readonly string[]
  readonly bound: readonly Bound[]
  readonly id?: string
  readonly issuedAt: number
  /** Undefined: never. */
  readonly expiresAt?: number
  /** Clients should have a new one by then, though this one lasts longer. */
  readonly warnAfter?: number
}

export const issuer = 'https://kubernetes.default.svc.cluster.local'
const legacyIssuer = 'kubernetes/serviceaccount'
const own = 'kubernetes.io'
const legacy = 'kubernetes.io/serviceaccount'

export function userOf({ namespace, name }: Pick<AccountRef, 'namespace' | 'name'>): string {
  return `system:serviceaccount:${namespace}:${name}`
}

/** The claims of a token, as JSON Web Tokens of Kubernetes say them. */
export function claimsJson(claims: AccountClaims): JsonObject {
  const { account, audiences, bound, issuedAt, expiresAt, warnAfter, id } = claims
  const { namespace, name, uid } = account
  return {
    aud: audiences,
    ...(expiresAt !== undefined && { exp: expiresAt }),
    iat: issuedAt,
    iss: issuer,
    ...(id !== undefined && { jti: id }),
    [own]: {
      namespace,
      ...Object.fromEntries(
        bound.map((one) => [one.kind.toLowerCase(), { name: one.name, uid: one.uid }]),
      ),
      serviceaccount: { name, uid },
      ...(warnAfter !== undefined && { warnafter: warnAfter }),
    },
    nbf: issuedAt,
    sub: userOf(account),
  }
}

/** The claims of a token that lies in a Secret and never expires. */
export function secretClaimsJson({ namespace, name, uid }: AccountRef, secret: string): JsonObject {
  return {
    iss: legacyIssuer,
    [`${legacy}/namespace`]: namespace,
    [`${legacy}/secret.name`]: secret,
    [`${legacy}/service-account.name`]: name,
    [`${legacy}/service-account.uid`]: uid,
    sub: userOf({ namespace, name }),
  }
}

/** What a token of a Secret names; undefined when it is no such token. */
export function secretClaimsOf(
  json: JsonObject,
): { readonly account: AccountRef; readonly secret: string } | undefined {
  if (json['iss'] !== legacyIssuer) return undefined
  const part = (name: string) => text(json[`${legacy}/${name}`])
  const account = {
    namespace: part('namespace'),
    name: part('service-account.name'),
    uid: part('service-account.uid'),
  }
  const secret = part('secret.name')
  const isWhole = account.uid !== '' && secret !== '' && json['sub'] === userOf(account)
  return isWhole ? { account, secret } : undefined
}

/** Reads claims; undefined when they are not those of a token of ours. */
export function claimsOf(json: JsonObject): AccountClaims | undefined {
  const inner = json[own]
  if (json['iss'] !== issuer || !isObject(inner)) return undefined
  const { serviceaccount, namespace } = inner
  const of = isObject(serviceaccount) ? serviceaccount : {}
  const account = { namespace: text(namespace), name: text(of['name']), uid: text(of['uid']) }
  const { iat, exp, nbf, jti } = json
  const timed = typeof iat === 'number' && typeof exp === 'number' && nbf === iat
  if (!timed || account.uid === '' || json['sub'] !== userOf(account)) return undefined
  return {
    account,
    audiences: audiencesOf(json['aud']),
    bound: boundsOf(inner),
    issuedAt: iat,
    expiresAt: exp,
    ...(typeof jti === 'string' && { id: jti }),
  }
}

function boundsOf(json: JsonObject): readonly Bound[] {
  return (['Pod', 'Secret', 'Node'] as const).flatMap((kind) => {
    const one = json[kind.toLowerCase()]
    return isObject(one) ? [{ kind, name: text(one['name']), uid: text(one['uid']) }] : []
  })
}

function audiencesOf(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}
