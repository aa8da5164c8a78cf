import { request as httpsRequest } from 'node:https'
import { Readable } from 'node:stream'
import { isObject, type JsonObject } from '@argosy/engine'
import type { Configuration, CustomFetch } from 'openid-client'
import type { SsoSettings } from './sso-settings.ts'

export interface ProviderSettings extends SsoSettings {
  readonly id: string
  readonly secret: string
}

/** What is kept between sending somebody to the provider and hearing of him again. */
export interface Errand {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** An OpenID provider, for one client. */
export interface Provider {
  /** Where to send somebody who wants to log in. */
  begin(redirectUrl: string): Promise<{ readonly url: URL; readonly errand: Errand }>
  /** The claims of the ID token that the provider gives for the code in `url`; verified. */
  finish(url: URL, errand: Errand): Promise<JsonObject>
}

/** Reads what the provider says of itself. Throws when it does not answer, or says that it is another one. */
export async function openProvider(settings: ProviderSettings): Promise<Provider> {
  const oidc = await import('openid-client')
  const { issuer, issuerAlias, id, secret, userInfoPath } = settings
  const send = fetchFor(settings)
  const found = await oidc.discovery(
    new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`),
    id,
    secret,
    // As Go's oauth2 does: in a header, where the provider knows that.
    (server, ...rest) => {
      const ways = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
      const inHeader = ways.includes('client_secret_basic')
      return (inHeader ? oidc.ClientSecretBasic : oidc.ClientSecretPost)(secret)(server, ...rest)
    },
    {
      ...(send && { [oidc.customFetch]: send }),
      ...(issuer.startsWith('http:') && { execute: [oidc.allowInsecureRequests] }),
    },
  )
  const own = found.serverMetadata().issuer
  if (own !== (issuerAlias || issuer)) {
    throw new Error(`the provider at ${issuer} says that it is ${own}: say so in sso.issuerAlias`)
  }
  const begin = async (redirectUrl: string) => {
    const errand = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
    }
    const { state, nonce } = errand
    const url = oidc.buildAuthorizationUrl(found, {
      ...{ redirect_uri: redirectUrl, state, nonce, code_challenge_method: 'S256' },
      code_challenge: await oidc.calculatePKCECodeChallenge(errand.verifier),
      scope: [...settings.scopes.filter((one) => one !== 'openid'), 'openid'].join(' '),
    })
    return { url, errand }
  }
  const finish = async (url: URL, { state, nonce, verifier }: Errand) => {
    const tokens = await oidc.authorizationCodeGrant(found, url, {
      ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier },
      idTokenExpected: true,
    })
    const claims = { ...tokens.claims() } as JsonObject
    if (userInfoPath === '') return claims
    const groups = await userInfoGroups(found, settings, tokens.access_token)
    return { ...claims, [settings.groupsClaim]: groups }
  }
  return { begin, finish }
}

/** Some providers tell groups only when they are asked for the user. */
async function userInfoGroups(
  found: Configuration,
  { issuer, userInfoPath }: SsoSettings,
  accessToken: string,
): Promise<readonly string[]> {
  const oidc = await import('openid-client')
  const url = new URL(issuer + userInfoPath)
  const response = await oidc.fetchProtectedResource(found, accessToken, url, 'GET')
  const body: unknown = await response.json()
  const groups = isObject(body as JsonObject) ? (body as JsonObject)['groups'] : undefined
  if (!response.ok || !Array.isArray(groups)) {
    throw new Error(`${url} answers ${response.status}, and no list of groups`)
  }
  return groups.filter((one) => typeof one === 'string')
}

/** Node's own fetch knows no authorities of one's own, so such a provider is asked by hand. */
function fetchFor({ rootCa, insecureSkipVerify }: SsoSettings): CustomFetch | undefined {
  if (rootCa === '' && !insecureSkipVerify) return undefined
  const tls = { ...(rootCa !== '' && { ca: rootCa }), rejectUnauthorized: !insecureSkipVerify }
  return (url, { method, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const asked = httpsRequest(
        url,
        { ...tls, method, headers, ...(signal && { signal }) },
        (answer) => {
          const { statusCode = 500, headersDistinct } = answer
          const names = Object.entries(headersDistinct).flatMap(([name, values]) =>
            (values ?? []).map((value): [string, string] => [name, value]),
          )
          const stream = Readable.toWeb(answer) as ReadableStream<Uint8Array>
          resolve(new Response(stream, { status: statusCode, headers: names }))
        },
      )
      asked.on('error', reject)
      asked.end(body === undefined || body === null ? undefined : Buffer.from(String(body)))
    })
}
