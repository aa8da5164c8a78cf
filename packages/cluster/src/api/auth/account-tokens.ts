import { randomUUID, timingSafeEqual } from 'node:crypto'
import { isObject, type JsonObject, type KubeObject } from '@argosy/engine'
import type { Clock } from '@argosy/kube'
import type { Store } from '../../store/store.ts'
import type { Authenticated } from '../http/identity.ts'
import {
  type AccountClaims,
  type AccountRef,
  type Bound,
  claimsJson,
  claimsOf,
  issuer,
  secretClaimsJson,
  secretClaimsOf,
  userOf,
} from './account-claims.ts'
import { readJwt, signJwt } from './jwt.ts'
import type { SigningKeys } from './signing-keys.ts'

interface TokensOptions {
  readonly store: Pick<Store, 'get'>
  readonly clock: Clock
  readonly keys: SigningKeys
}

/** Who wants a token, for whom and how long. */
export interface TokenWish {
  readonly account: AccountRef
  /** None: the API server's own. */
  readonly audiences: readonly string[]
  readonly seconds: number
  readonly bound: readonly Bound[]
}

export interface IssuedToken {
  readonly token: string
  readonly audiences: readonly string[]
  /** Milliseconds. */
  readonly expiresAt: number
}

/** What a token for the API server is for. */
export const apiAudiences: readonly string[] = [issuer]

/** A pod's own token is asked for with exactly this; clients of old never read it twice, so it lasts longer than it says. */
const mountedSeconds = 3607
const mostRead = 256
const yearSeconds = 365 * 24 * 3600
/** How long what is being deleted may still speak. */
const leewayMs = 60_000

const collections = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' } as const

/** Tokens of ServiceAccounts: given out here, and known again while the account and what they are bound to live. */
export class AccountTokens {
  readonly #options: TokensOptions
  /** What tokens say whose signatures were looked at lately: that costs more than most requests. */
  readonly #read = new Map<string, JsonObject>()

  constructor(options: TokensOptions) {
    this.#options = options
  }

  async issue({ account, audiences, seconds, bound }: TokenWish): Promise<IssuedToken> {
    const { clock, keys } = this.#options
    const issuedAt = Math.floor(clock.now() / 1000)
    const meant = audiences.length === 0 ? apiAudiences : audiences
    const isMounted =
      seconds === mountedSeconds &&
      isSame(meant, apiAudiences) &&
      bound.some(({ kind }) => kind === 'Pod')
    const claims: AccountClaims = {
      ...{ account, bound, issuedAt, audiences: meant, id: randomUUID() },
      expiresAt: issuedAt + (isMounted ? yearSeconds : seconds),
      ...(isMounted && { warnAfter: issuedAt + seconds }),
    }
    const token = signJwt(claimsJson(claims), await keys.current())
    return { token, audiences: meant, expiresAt: (issuedAt + seconds) * 1000 }
  }

  /** A token for a Secret; it is good as long as it lies there. */
  async issueForSecret(account: AccountRef, secret: string): Promise<string> {
    return signJwt(secretClaimsJson(account, secret), await this.#options.keys.current())
  }

  /** Who a token is for, if it is good now and for one of the audiences. */
  identityOf(token: string, audiences: readonly string[]): Authenticated | undefined {
    const json = this.#jsonOf(token)
    if (!json) return undefined
    const claims = claimsOf(json)
    return claims ? this.#bearer(claims, audiences) : this.#ofSecret(json, token, audiences)
  }

  #jsonOf(token: string): JsonObject | undefined {
    const known = this.#read.get(token)
    if (known) return known
    const json = readJwt(token, this.#options.keys.all)
    if (!json) return undefined
    const [oldest] = this.#read.keys()
    if (oldest !== undefined && this.#read.size === mostRead) this.#read.delete(oldest)
    this.#read.set(token, json)
    return json
  }

  #bearer(claims: AccountClaims, wanted: readonly string[]): Authenticated | undefined {
    const { account, bound, expiresAt = 0, issuedAt } = claims
    const now = this.#options.clock.now() / 1000
    const audiences = wanted.filter((one) => claims.audiences.includes(one))
    if (audiences.length === 0 || now >= expiresAt || now < issuedAt) return undefined
    const isAlive =
      this.#lives('serviceaccounts', account) && bound.every((one) => this.#isThere(account, one))
    return isAlive ? { ...identityOf(account, extraOf(claims)), audiences } : undefined
  }

  #ofSecret(json: JsonObject, token: string, wanted: readonly string[]): Authenticated | undefined {
    const found = secretClaimsOf(json)
    const audiences = wanted.filter((one) => apiAudiences.includes(one))
    if (!found || audiences.length === 0) return undefined
    const { account, secret } = found
    if (!this.#lives('serviceaccounts', account)) return undefined
    const kept = this.#live({ collection: 'secrets', namespace: account.namespace, name: secret })
    if (!kept || !holds(kept, token)) return undefined
    return { ...identityOf(account, {}), audiences }
  }

  #isThere({ namespace }: AccountRef, { kind, name, uid }: Bound): boolean {
    return this.#lives(collections[kind], {
      namespace: kind === 'Node' ? '' : namespace,
      name,
      uid,
    })
  }

  #lives(collection: string, { namespace, name, uid }: AccountRef): boolean {
    return this.#live({ collection, namespace, name })?.metadata.uid === uid
  }

  #live(key: Parameters<Store['get']>[0]): KubeObject | undefined {
    const version = this.#options.store.get(key)
    if (!version) return undefined
    const { deletionTimestamp } = version.metadata
    const isGone =
      deletionTimestamp !== undefined &&
      Date.parse(deletionTimestamp) + leewayMs < this.#options.clock.now()
    return isGone ? undefined : version.value
  }
}

function identityOf(
  account: AccountRef,
  extra: Readonly<Record<string, readonly string[]>>,
): Omit<Authenticated, 'audiences'> {
  return {
    user: userOf(account),
    uid: account.uid,
    groups: [
      'system:serviceaccounts',
      `system:serviceaccounts:${account.namespace}`,
      'system:authenticated',
    ],
    ...(Object.keys(extra).length > 0 && { extra }),
  }
}

const prefix = 'authentication.kubernetes.io'

function extraOf({ id, bound }: AccountClaims): Readonly<Record<string, readonly string[]>> {
  const told = bound.filter(({ kind }) => kind !== 'Secret')
  const entries = told.flatMap(({ kind, name, uid }) => [
    [`${prefix}/${kind.toLowerCase()}-name`, [name]],
    [`${prefix}/${kind.toLowerCase()}-uid`, [uid]],
  ])
  return Object.fromEntries([
    ...(id ? [[`${prefix}/credential-id`, [`JTI=${id}`]]] : []),
    ...entries,
  ])
}

function holds(secret: KubeObject, token: string): boolean {
  const { data } = secret as unknown as JsonObject
  const kept = isObject(data) ? data['token'] : undefined
  if (typeof kept !== 'string') return false
  const [left, right] = [Buffer.from(kept, 'base64'), Buffer.from(token)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one))
}
