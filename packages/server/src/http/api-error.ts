import type { Problem, Refusal } from '@argosy/engine'
import { type Resource, StatusError } from '@argosy/kube'
import { type ApiCode, codeOfStatus, codes } from './codes.table.ts'

/** A refusal as Argo's API gives it. */
export class ApiError extends Error {
  readonly code: ApiCode
  /** All that is wrong, where it is more than the message says. */
  readonly problems: readonly Problem[]

  constructor(
    code: ApiCode,
    message: string,
    options: { readonly problems?: readonly Problem[]; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'ApiError'
    this.code = code
    this.problems = options.problems ?? []
  }

  get status(): number {
    return codes[this.code].http
  }

  /** grpc-gateway's error body. */
  get body(): object {
    const { problems, message } = this
    const fieldViolations = problems.map(({ path, message: description }) => ({
      field: path,
      description,
    }))
    const details = [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations }]
    return { code: codes[this.code].grpc, message, ...(problems.length > 0 && { details }) }
  }

  /** The error as the last message of a stream. */
  get chunk(): object {
    const { grpc, http } = codes[this.code]
    return { grpc_code: grpc, http_code: http, message: this.message, http_status: this.code }
  }
}

export const invalid = (message: string): ApiError => new ApiError('InvalidArgument', message)

/** In the API server's words. */
export function notFound({ group, plural }: Resource, name: string): ApiError {
  const what = group === '' ? plural : `${plural}.${group}`
  return new ApiError('NotFound', `${what} "${name}" not found`)
}

/** The result of one of the engine's operations, unless it was refused. */
export function accepted<T extends object>(result: T | Refusal): T {
  if ('refused' in result) throw invalid(result.refused)
  return result
}

/** Whatever went wrong, as the API tells it; what nobody meant to happen is given to `surprised`. */
export function apiErrorOf(error: unknown, surprised: (error: unknown) => void): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof StatusError) {
    const other = error.code < 500 ? 'InvalidArgument' : 'Internal'
    return new ApiError(codeOfStatus[error.code] ?? other, error.message, { cause: error })
  }
  surprised(error)
  const message = error instanceof Error ? error.message : String(error)
  return new ApiError('Internal', message, { cause: error })
}
