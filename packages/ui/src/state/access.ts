import { ApiError, send } from '../http/api.ts'
import { loadSession, session } from './session.ts'

/** How this server knows people: the ways of `--auth-mode`; it says so in its page. */
export type AuthMode = 'client' | 'server' | 'sso'

export function authModes(): readonly AuthMode[] {
  const text = said('argosy-auth-modes')
  const known: readonly AuthMode[] = ['client', 'server', 'sso']
  return known.filter((mode) => (text ?? 'client').split(' ').includes(mode))
}

/** The only namespace that this server is for; '': it is for all of them. */
export function managedNamespace(): string {
  return said('argosy-managed-namespace') ?? ''
}

/** What the server has written into its page. */
function said(name: string): string | undefined {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content
}

/** Where single sign-on begins; it leads back to the page that was wanted. */
export function ssoHref(path: string): string {
  const back = new URL(path || '.', document.baseURI)
  return `oauth2/redirect?redirect=${encodeURIComponent(back.pathname + back.search)}`
}

/** Keeps a token in this browser, if the server knows it. Resolves to what is wrong with it. */
export async function login(token: string): Promise<string | undefined> {
  try {
    await send('POST', '../../oauth2/login', { token })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return error.status === 401 ? 'The server does not know this token.' : error.message
  }
  await loadSession()
  return undefined
}

/** Forgets who was here. */
export async function logout(): Promise<void> {
  await send('POST', '../../oauth2/logout')
  session.update(() => ({}))
  await loadSession()
}
