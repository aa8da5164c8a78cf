import type { IncomingHttpHeaders } from 'node:http'

export interface CookieOptions {
  readonly path: string
  readonly secure: boolean
  readonly sameSite: 'Lax' | 'Strict'
  readonly httpOnly: boolean
  /** Milliseconds; what is past takes the cookie away. Undefined: as long as the browser is open. */
  readonly expiresAt?: number
}

/** The values of all cookies of a name: those of wider domains come too. */
export function cookiesIn({ cookie = '' }: IncomingHttpHeaders, name: string): readonly string[] {
  const pairs = cookie.split(';').map((pair) => pair.trim())
  const own = pairs.filter((pair) => pair.startsWith(`${name}=`))
  return own.map((pair) => decoded(pair.slice(name.length + 1).replace(/^"(.*)"$/, '$1')))
}

/** A Set-Cookie header. */
export function setCookie(name: string, value: string, options: CookieOptions): string {
  const { path, secure, sameSite, httpOnly, expiresAt } = options
  return [
    `${name}=${encodeURIComponent(value)}`,
    `Path=${path}`,
    ...(expiresAt === undefined ? [] : [`Expires=${new Date(expiresAt).toUTCString()}`]),
    `SameSite=${sameSite}`,
    ...(httpOnly ? ['HttpOnly'] : []),
    ...(secure ? ['Secure'] : []),
  ].join('; ')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
