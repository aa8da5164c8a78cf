import { sendJson } from '../http/reply.ts'
import type { PathHandler } from '../http/world.ts'
import { issuer } from './account-claims.ts'
import { keySet } from './jwt.ts'
import type { SigningKeys } from './signing-keys.ts'

const keysPath = '/openid/v1/jwks'

/** What others need to verify our tokens by themselves (OpenID Connect discovery). */
export function issuerPaths(keys: SigningKeys): ReadonlyMap<string, PathHandler> {
  return new Map<string, PathHandler>([
    [
      '/.well-known/openid-configuration',
      async ({ response, request }) => {
        await keys.current()
        sendJson(response, 200, {
          issuer,
          jwks_uri: `https://${request.headers.host ?? 'localhost'}${keysPath}`,
          response_types_supported: ['id_token'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: [...new Set(keys.all.map(({ alg }) => alg))],
        })
      },
    ],
    [
      keysPath,
      async ({ response }) => {
        await keys.current()
        response.setHeader('Content-Type', 'application/jwk-set+json')
        sendJson(response, 200, keySet(keys.all))
      },
    ],
  ])
}
