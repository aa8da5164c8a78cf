import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type ClientMetadata } from 'oidc-provider'

/** Who the provider knows: the claims of each by his subject. */
export type People = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export interface OpenIdProvider extends AsyncDisposable {
  readonly issuer: string
  /** Who sits before the screen: he logs in whenever he is asked. */
  person: string
}

/** A real OpenID provider on the loopback, with one client. */
export async function openIdProvider(
  people: People,
  client: Pick<ClientMetadata, 'client_id' | 'client_secret'> & {
    readonly redirect_uris: readonly string[]
  },
): Promise<OpenIdProvider> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const names = ['email', 'email_verified', 'name', 'preferred_username', 'groups', 'roles']
  const provider = new Provider(issuer, {
    clients: [{ ...client, redirect_uris: [...client.redirect_uris] }],
    claims: { openid: ['sub'], profile: names },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    // Long enough for a test; without it the library says so for each of them.
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
    cookies: { keys: ['of no importance'] },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, id) => {
      const claims = people[id]
      return claims && { accountId: id, claims: async () => ({ sub: id, ...claims }) }
    },
    async loadExistingGrant({ oidc }) {
      const grant = new provider.Grant({
        clientId: oidc.client?.clientId ?? '',
        accountId: oidc.session?.accountId ?? '',
      })
      grant.addOIDCScope('openid profile')
      await grant.save()
      return grant
    },
  })
  const state = { person: '' }
  const answer = provider.callback()
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!request.url?.startsWith('/interaction/')) return void answer(request, response)
    const result =
      state.person === ''
        ? { error: 'access_denied', error_description: 'nobody is there' }
        : { login: { accountId: state.person } }
    return void provider.interactionFinished(request, response, result)
  })
  return {
    issuer,
    get person() {
      return state.person
    },
    set person(name) {
      state.person = name
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
