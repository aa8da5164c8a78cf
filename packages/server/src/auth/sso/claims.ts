import type { JsonObject } from '@argosy/engine'

/** What is known of somebody who has logged in; the names are upstream's, and those that rules see. */
export interface Claims {
  readonly iss: string
  readonly sub: string
  readonly groups?: readonly string[]
  readonly email?: string
  readonly email_verified?: boolean
  readonly name?: string
  readonly preferred_username?: string
}

/** Whose claims an ID token holds, taken over into our own session. */
export function claimsIn(token: JsonObject, groups: readonly string[]): Claims {
  const texts = ['email', 'name', 'preferred_username'] as const
  const known = texts.filter((name) => typeof token[name] === 'string' && token[name] !== '')
  const verified = token['email_verified']
  return {
    iss: 'argo-server',
    sub: String(token['sub'] ?? ''),
    ...Object.fromEntries(known.map((name) => [name, token[name]])),
    ...(verified === true || verified === 'true' ? { email_verified: true } : {}),
    ...(groups.length > 0 && { groups }),
  }
}

/** The groups of a claim; what is no list of texts is none. */
export function groupsIn(token: JsonObject, claim: string): readonly string[] {
  const value = token[claim]
  const list = Array.isArray(value) ? value : []
  return list.filter((one) => typeof one === 'string')
}
