import { ApiError } from '../http/api-error.ts'
import { setCookie } from '../http/cookies.ts'
import { Message } from '../http/message.ts'
import type { Reply } from '../http/reply.ts'
import type { Route } from '../http/router.ts'
import { callerOf, type Gate } from './caller.ts'

export interface SessionOptions {
  /** Without a slash at its end. */
  readonly base: string
  /** Whether TLS is spoken here. */
  readonly secure: boolean
}

/** A browser's token, kept in a cookie that no script can read; and forgotten again. */
export function sessionRoutes(gate: Gate, { base, secure }: SessionOptions): readonly Route[] {
  const cookie = (value: string, end: { readonly expiresAt?: number }): Reply => ({
    kind: 'bytes',
    status: 200,
    headers: {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      'Set-Cookie': setCookie('authorization', value, {
        ...{ path: `${base}/`, secure, sameSite: 'Strict', httpOnly: true, ...end },
      }),
    },
    body: '{}',
  })
  const post = (path: string, handle: Route['handle']): Route => ({
    ...{ method: 'POST', path, handle, isPublic: true },
  })
  return [
    post('/oauth2/login', async ({ body, headers, signal }) => {
      const token = new Message(await body()).text('token').trim()
      const authorization = /^(Bearer|Basic) /.test(token) ? token : `Bearer ${token}`
      if (token === '') throw new ApiError('InvalidArgument', 'token: it is needed')
      const { cookie: _, ...others } = headers
      // Mode server lets everybody in: here it is the token that is asked about.
      const modes = gate.modes.filter((mode) => mode !== 'server')
      const asked = { headers: { ...others, authorization }, namespace: '', signal }
      await callerOf(asked, { ...gate, modes })
      return cookie(authorization, {})
    }),
    post('/oauth2/logout', async () => cookie('', { expiresAt: 0 })),
  ]
}
