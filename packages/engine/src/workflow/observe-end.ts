import type { ContainerStatus } from '../spec/pod.ts'

type Ended = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>

/**
 * How a container of the user's ended. argo: the emissary looks for the program; what is not there is its own failure, 64.
 * Here a container without its program has not started at all.
 */
export function endOfMain({ state }: ContainerStatus): Ended | undefined {
  const ended = state?.terminated
  const unfound = ended?.reason === 'StartError' && ended.message?.startsWith('exec: ')
  if (ended === undefined || !unfound) return ended
  const message = `failed to find name in PATH: ${ended.message}`
  return { ...ended, reason: 'Error', exitCode: 64, message }
}
