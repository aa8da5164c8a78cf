import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { ApiError } from './api-error.ts'

export interface SiteRules {
  /** Nobody has to prove who they are. */
  readonly open: boolean
  /** A site whose pages may ask; `*`: any, unless `open`. */
  readonly allowOrigin?: string
}

/**
 * Throws for what another site's page sends through its reader's browser: by a foreign Origin, or, where nobody has to
 * prove who they are, by a name of its own for this machine (DNS rebinding).
 */
export function refuseOtherSites(headers: IncomingHttpHeaders, rules: SiteRules): void {
  const { host = '', origin } = headers
  if (rules.open && !isLocal(host)) {
    throw refusal(`this server is for this machine: it does not answer to the name ${host}`)
  }
  if (isAllowed(headers, rules)) return
  if (headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate') {
    throw refusal('requests from pages of other sites are not answered')
  }
  if (origin === undefined || hostOf(origin) === host) return
  throw refusal(`requests from pages of ${origin} are not answered`)
}

/** By their cookie people would be known without meaning to ask. */
function isAllowed({ origin, cookie }: IncomingHttpHeaders, rules: SiteRules): boolean {
  const { open, allowOrigin } = rules
  if (allowOrigin === undefined || origin === undefined || cookie !== undefined) return false
  return allowOrigin === '*' ? !open : origin === allowOrigin
}

const refusal = (message: string) => new ApiError('PermissionDenied', message)

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

function isLocal(host: string): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
  return isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost')
}
