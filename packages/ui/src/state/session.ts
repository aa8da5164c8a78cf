import { getJson, onRefusal } from '../http/api.ts'
import { type Observable, observable } from './observable.ts'
import { forgetRights } from './rights.ts'

/** What the server says about itself and the reader; empty until it has. */
export interface Session {
  readonly info?: ServerInfo
  readonly version?: Readonly<Record<string, string>>
  readonly user?: UserInfo
  readonly error?: string
  /** The server does not know the reader; or does, and lets him do nothing at all: then it says why. */
  readonly refused?: 'unknown' | { readonly why: string }
}

interface ServerInfo {
  readonly managedNamespace?: string
  readonly links?: readonly ServerLink[] | null
  readonly navColor?: string
}

interface ServerLink {
  readonly name: string
  readonly scope: string
  readonly url: string
  readonly target?: string
}

export interface UserInfo {
  readonly issuer?: string
  readonly subject?: string
  readonly name?: string
  readonly preferredUsername?: string
  readonly email?: string
  readonly groups?: readonly string[] | null
  readonly serviceAccountName?: string
  readonly serviceAccountNamespace?: string
}

export const session: Observable<Session> = observable<Session>({})

/** Asks when the pages start, and when somebody has logged in; what is not answered is simply not shown. */
export async function loadSession(): Promise<void> {
  onRefusal((status, message) => {
    if (status === 403) forgetRights()
    if (status === 401) session.update((known) => ({ ...known, refused: 'unknown' }))
    // Upstream's words for those whom no rule of single sign-on is for.
    if (status === 403 && message.startsWith('not allowed')) {
      session.update((known) => ({ ...known, refused: { why: message } }))
    }
  })
  forgetRights()
  session.update(({ refused: _, ...known }) => known)
  const ask = async (path: string, field: keyof Session) => {
    try {
      const value = await getJson<object>(path)
      session.update((known) => ({ ...known, [field]: value }))
    } catch (error) {
      if (field === 'info') session.update((known) => ({ ...known, error: String(error) }))
    }
  }
  await Promise.all([ask('info', 'info'), ask('version', 'version'), ask('userinfo', 'user')])
}
