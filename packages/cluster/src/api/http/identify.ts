import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { StatusError } from '@argosy/kube'
import type { Credentials, Identity } from './identity.ts'
import { impersonated } from './impersonation.ts'
import type { World } from './world.ts'

/** Who a request comes from, or acts as. Throws `Unauthorized`, and `Forbidden` for who may not act as another. */
export async function identify(
  request: IncomingMessage,
  { authenticate, authorize }: Pick<World, 'authenticate' | 'authorize'>,
): Promise<Identity> {
  const identity = (await authenticate(credentialsOf(request))) ?? anonymous(request)
  if (!identity) throw new StatusError('Unauthorized', 'Unauthorized')
  return impersonated(request, identity, authorize)
}

function credentialsOf(request: IncomingMessage): Credentials {
  const socket = request.socket as TLSSocket
  const { headers } = request
  if (!socket.authorized) return { headers }
  return { headers, peerCertificate: socket.getPeerCertificate(true) }
}

/** Whoever shows nothing may ask how we are, and nothing else; who shows something wrong is not let in as nobody. */
const open = /^\/(healthz|livez|readyz|version)\/?(\?|$)/

function anonymous({ headers, url = '' }: IncomingMessage): Identity | undefined {
  if (headers.authorization !== undefined || !open.test(url)) return undefined
  return { user: 'system:anonymous', groups: ['system:unauthenticated'] }
}
