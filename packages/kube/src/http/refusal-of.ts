import type { IncomingHttpHeaders } from 'node:http'
import { StatusError, type StatusErrorOptions, type StatusReason } from '../status-error.ts'

const reasons: Readonly<Record<number, StatusReason>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Expired',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  501: 'NotImplemented',
  503: 'ServiceUnavailable',
  504: 'Timeout',
}

const known = new Set<string>([...Object.values(reasons), 'AlreadyExists', 'Gone'])

interface Status {
  readonly code?: number
  readonly reason?: string
  readonly message?: string
  readonly details?: StatusErrorOptions['details']
}

/** The refusal in an answer that is not good; a body that is no `Status` (a proxy's page) is quoted. */
export function refusalOf(code: number, headers: IncomingHttpHeaders, body: string): StatusError {
  const status = statusOf(body)
  const retryAfter = Number(headers['retry-after'])
  return errorOf({
    code,
    message: `the server answered ${code}: ${body.slice(0, 200)}`,
    ...status,
    ...(retryAfter > 0 && {
      details: { ...status?.details, retryAfterSeconds: retryAfter },
    }),
  })
}

/** The refusal that a `Status` object is. */
export function errorOf({ code = 500, reason, message = 'unknown', details }: Status): StatusError {
  const options = details === undefined ? {} : { details }
  if (reason !== undefined && known.has(reason)) {
    return new StatusError(reason as StatusReason, message, options)
  }
  return new StatusError(
    reasons[code] ?? (code >= 500 ? 'InternalError' : 'BadRequest'),
    message,
    options,
  )
}

function statusOf(body: string): Status | undefined {
  try {
    const value = JSON.parse(body) as Status & { readonly kind?: string }
    if (value?.kind === 'Status') return value
    // Argo's API has codes of its own.
    return typeof value?.message === 'string' ? { message: value.message } : undefined
  } catch {
    return undefined
  }
}
