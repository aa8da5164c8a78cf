import type { DetailedPeerCertificate } from 'node:tls'
import type { Identity } from '../http/identity.ts'

/** Who a verified client certificate is for: its common name, in its organizations. Undefined without a name. */
export function identityOfCertificate({
  subject,
}: Pick<DetailedPeerCertificate, 'subject'>): Identity | undefined {
  const [user] = listOf(subject?.CN)
  if (!user) return undefined
  return { user, groups: [...listOf(subject?.O), 'system:authenticated'] }
}

/** A part of the subject that occurs more than once is a list. */
function listOf(part: string | readonly string[] | undefined): readonly string[] {
  if (part === undefined) return []
  return typeof part === 'string' ? [part] : part
}
