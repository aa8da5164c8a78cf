import { StatusError, type StatusReason } from '@argosy/kube'

const reasons: Readonly<Record<number, StatusReason>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  429: 'TooManyRequests',
  501: 'NotImplemented',
  503: 'ServiceUnavailable',
  504: 'Timeout',
}

/** grpc-gateway's error, in a body or in a stream, as the refusal that it is. */
export function argoError(error: unknown): unknown {
  if (error instanceof StatusError) return withOwnWords(error)
  const { message = 'unknown', http_code: code = 500 } = error as {
    readonly message?: string
    readonly http_code?: number
  }
  return new StatusError(reasons[code] ?? 'InternalError', message)
}

const quoted = /^the server answered \d+: (\{.*\})\s*$/s

/** A body that is no `Status` is quoted by the connection; its message is what the server wants to say. */
function withOwnWords(error: StatusError): StatusError {
  const body = quoted.exec(error.message)?.[1]
  const message = body === undefined ? undefined : messageIn(body)
  return message === undefined ? error : new StatusError(error.reason, message, { cause: error })
}

function messageIn(body: string): string | undefined {
  try {
    const { message } = JSON.parse(body) as { readonly message?: unknown }
    return typeof message === 'string' ? message : undefined
  } catch {
    return undefined
  }
}
