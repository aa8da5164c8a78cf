import { StatusError } from '@argosy/kube'

const reasons = new Set<string>([
  'ServiceUnavailable',
  'Timeout',
  'TooManyRequests',
  'InternalError',
])

/** Whether trying again may help; what was asked may have happened all the same. */
export function isPassing(error: unknown): boolean {
  return error instanceof StatusError && reasons.has(error.reason)
}
