/** Kubernetes' own reasons for a refusal (metav1.StatusReason), with the HTTP code each one has. */
const codes = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  Gone: 410,
  Expired: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  /** A fault that nobody has named. */
  Unknown: 500,
  NotImplemented: 501,
  ServiceUnavailable: 503,
  Timeout: 504,
} as const

export type StatusReason = keyof typeof codes

/** A refusal that crosses rooms. `reason` is what callers branch on, never the message. */
export class StatusError extends Error {
  readonly reason: StatusReason
  readonly details: StatusDetails | undefined
  readonly #code: number | undefined

  constructor(reason: StatusReason, message: string, options: StatusErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'StatusError'
    this.reason = reason
    this.details = options.details
    this.#code = options.code
  }

  get code(): number {
    return this.#code ?? codes[this.reason]
  }
}

export interface StatusDetails {
  readonly group?: string
  readonly kind?: string
  readonly name?: string
  readonly uid?: string
  readonly causes?: readonly {
    readonly reason?: string
    readonly message: string
    readonly field?: string
  }[]
  readonly retryAfterSeconds?: number
}

export interface StatusErrorOptions {
  readonly cause?: unknown
  /** The HTTP code, where it is not the reason's own. */
  readonly code?: number
  readonly details?: StatusDetails
}

/** For `.catch(ignore('AlreadyExists'))`: swallows refusals with one of these reasons, rethrows the rest. */
export function ignore(...reasons: readonly StatusReason[]): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof StatusError && reasons.includes(error.reason)) return undefined
    throw error
  }
}
