import type { KubeObject } from '@argosy/engine'
import { type Client, type Clock, resources } from '@argosy/kube'
import { controllerSettings } from '../../controller-settings.ts'
import { ApiError } from '../../http/api-error.ts'
import { type ChosenAccount, chooseAccount } from './choose-account.ts'
import type { Claims } from './claims.ts'
import { openProvider, type Provider } from './provider.ts'
import { sessionKey } from './session-key.ts'
import { openSession, sealSession } from './session-token.ts'
import { type SecretKey, type SsoSettings, ssoSettings } from './sso-settings.ts'

export interface SsoOptions {
  /** The server's own. */
  readonly client: Client
  readonly clock: Clock
  /** Where the secrets and the ruled accounts are. */
  readonly namespace: string
  /** Whether the namespace of a request may say who its people are. argo: SSO_DELEGATE_RBAC_TO_NAMESPACE. */
  readonly delegates?: boolean
  readonly log: (line: string) => void
}

/** What a login needs, as the ConfigMap and the secrets say now. */
export interface Login {
  readonly settings: SsoSettings
  readonly provider: Provider
}

interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

/** Single sign-on. All of it is read when it is needed, so that a mended ConfigMap needs no restart. argo: sso. */
export class Sso {
  readonly #options: SsoOptions
  #kept: { readonly key: string; readonly provider: Provider } | undefined

  constructor(options: SsoOptions) {
    this.#options = options
  }

  /** Throws an Error that says what is wrong with the configuration, or with the provider. */
  async login(signal: AbortSignal): Promise<Login> {
    const { client } = this.#options
    const settings = ssoSettings(await controllerSettings(client, signal))
    const id = await this.#secretValue(settings.clientId)
    const secret = await this.#secretValue(settings.clientSecret)
    const own = { ...settings, id, secret }
    const key = JSON.stringify(own)
    if (this.#kept?.key !== key) this.#kept = { key, provider: await openProvider(own) }
    return { settings, provider: this.#kept.provider }
  }

  /** The cookie's value for somebody who has logged in. */
  async seal(claims: Claims, expiresAt: number): Promise<string> {
    return sealSession(claims, expiresAt, await this.#key())
  }

  /** Whose session this is. */
  async claimsOf(header: string): Promise<Claims | undefined> {
    return openSession(header, await this.#key(), this.#options.clock)
  }

  /** As whom somebody acts; undefined: as the server itself. Throws `PermissionDenied`. argo: rbacAuthorization. */
  async accountFor(
    claims: Claims,
    namespace: string,
    signal: AbortSignal,
  ): Promise<ChosenAccount | undefined> {
    const { client, namespace: home, delegates = false } = this.#options
    if (!ssoSettings(await controllerSettings(client, signal)).rbac) return undefined
    const own = await this.#choose(claims, home)
    if (own && 'problem' in own) throw this.#refused(claims, own.problem)
    const asks = delegates && namespace !== '' && namespace !== home
    const other = asks ? await this.#delegated(claims, namespace) : undefined
    const chosen = other && other.precedence > (own?.precedence ?? -Infinity) ? other : own
    if (chosen) return chosen
    throw this.#refused(
      claims,
      `no service account's rbac-rule in ${home} is for ${nameOf(claims)}`,
    )
  }

  /** A namespace's own mistakes keep nobody out who may come in without it. */
  async #delegated(claims: Claims, namespace: string): Promise<ChosenAccount | undefined> {
    const found = await this.#choose(claims, namespace)
    if (!found || !('problem' in found)) return found
    this.#options.log(`sso: ${found.problem}`)
    return undefined
  }

  async #choose(claims: Claims, namespace: string) {
    const { items } = await this.#options.client.list({
      resource: resources.serviceAccounts,
      namespace,
    })
    return chooseAccount(claims, items)
  }

  #refused(claims: Claims, why: string): ApiError {
    this.#options.log(`sso: ${nameOf(claims)} is not allowed: ${why}`)
    return new ApiError('PermissionDenied', `not allowed: ${why}`)
  }

  #key(): Promise<Uint8Array> {
    return sessionKey(this.#options.client, this.#options.namespace)
  }

  async #secretValue({ name, key }: SecretKey): Promise<string> {
    const { client, namespace } = this.#options
    const secret = await client.get<Secret>({ resource: resources.secrets, namespace, name })
    if (!secret) throw new Error(`there is no secret ${name} in ${namespace}`)
    const value = secret.data?.[key]
    if (value === undefined) throw new Error(`key ${key} missing in secret ${name}`)
    return Buffer.from(value, 'base64').toString('utf8')
  }
}

function nameOf({ sub, email, groups = [] }: Claims): string {
  const who = email ?? sub
  return groups.length === 0 ? `${who} (no groups)` : `${who} (groups: ${groups.join(', ')})`
}
