import type { IncomingHttpHeaders } from 'node:http'
import type { Route } from '../http/router.ts'
import { anonymous, type Caller, callerOf, type Gate, senderOf } from './caller.ts'
import { webhookSender } from './webhooks/webhook-sender.ts'

export interface Knock {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly bytes: (most: number) => Promise<Buffer>
  readonly signal: AbortSignal
}

const mostSigned = 2 * 1024 * 1024

/** Who is let in to a route, as whom. Throws `Unauthenticated` and `PermissionDenied`. */
export async function admit(
  knock: Knock,
  gate: Gate & { readonly log: (line: string) => void },
): Promise<Caller> {
  const { route, params, query, headers, bytes, signal } = knock
  if (route.isPublic) return anonymous(gate)
  const namespace = params['namespace'] ?? query.get('namespace') ?? ''
  if (route.takesWebhooks && headers.authorization === undefined) {
    const delivery = async () => ({ headers, body: await bytes(mostSigned) })
    const open = gate.modes.includes('server')
    const sender = await webhookSender(namespace, delivery, { ...gate, open })
    if (sender) return senderOf(sender, gate)
  }
  return callerOf({ headers, namespace, signal }, gate)
}
