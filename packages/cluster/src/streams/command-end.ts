/** How a command ended, in the words of `v4.channel.k8s.io`: what goes over the error channel. */
export type CommandEnd =
  | { readonly metadata: object; readonly status: 'Success' }
  | {
      readonly metadata: object
      readonly status: 'Failure'
      readonly message: string
      readonly reason: string
      readonly details?: object
      readonly code?: number
    }

export const succeeded: CommandEnd = { metadata: {}, status: 'Success' }

/** kubectl ends with the same code. */
export function endOf(code: number): CommandEnd {
  if (code === 0) return succeeded
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with exit code ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  }
}

/** The program never ran, or was lost. */
export function failed(why: string): CommandEnd {
  return {
    metadata: {},
    status: 'Failure',
    message: `Internal error occurred: ${why}`,
    reason: 'InternalError',
    details: { causes: [{ message: why }] },
    code: 500,
  }
}
