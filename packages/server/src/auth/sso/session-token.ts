import type { Clock } from '@argosy/kube'
import type { Claims } from './claims.ts'

/** What marks a session among other tokens. argo: sso.Prefix. */
export const sessionPrefix = 'Bearer v2:'

/** The header that proves a session until it ends: encrypted claims, as upstream's. */
export async function sealSession(
  { sub, ...claims }: Claims,
  expiresAt: number,
  key: Uint8Array,
): Promise<string> {
  const { EncryptJWT } = await import('jose')
  const token = await new EncryptJWT(claims)
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' })
    .setSubject(sub)
    .setExpirationTime(new Date(expiresAt))
    .encrypt(key)
  return sessionPrefix + token
}

/** Whose session it is; undefined when it is none of ours, or over. */
export async function openSession(
  header: string,
  key: Uint8Array,
  clock: Clock,
): Promise<Claims | undefined> {
  const { jwtDecrypt, errors } = await import('jose')
  try {
    const { payload } = await jwtDecrypt(header.slice(sessionPrefix.length), key, {
      issuer: 'argo-server',
      currentDate: new Date(clock.now()),
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
      requiredClaims: ['exp', 'sub'],
    })
    // Nobody but us can have written it.
    return payload as unknown as Claims
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}
