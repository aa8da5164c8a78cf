import type { Workflow } from '@argosy/engine'
import { hasFailed } from '../output/phase.ts'
import type { Out } from '../shell/shell.ts'
import { goTime } from '../text/humanize.ts'
import type { Remote } from './connect.ts'
import { followWorkflow, hasFinished } from './follow-workflow.ts'
import { Patience } from './patience.ts'

/** That it is not forgotten, and what is the matter. */
export function sayLost(stderr: Out): (error: Error) => void {
  return ({ message }) => stderr.write(`argosy: ${message}: waiting for it to come back\n`)
}

interface WaitOptions {
  readonly stdout: Out
  readonly stderr: Out
  /** Nothing is printed: standard output belongs to somebody else. */
  readonly quiet?: boolean
  readonly ignoreNotFound?: boolean
}

export interface Name {
  readonly namespace: string
  readonly name: string
  /** Of the version that has just been written. */
  readonly resourceVersion?: string | undefined
}

/** Waits for all of them; resolves to the exit code: 1 when one of them failed, is not there, or was deleted. */
export async function waitFor(
  remote: Remote,
  names: readonly Name[],
  options: WaitOptions,
): Promise<number> {
  const good = await Promise.all(names.map((one) => waitForOne(remote, one, options)))
  return good.every(Boolean) ? 0 : 1
}

async function waitForOne(
  remote: Remote,
  one: Name,
  { stdout, stderr, quiet, ignoreNotFound }: WaitOptions,
): Promise<boolean> {
  const { namespace, name } = one
  let last: Workflow | undefined
  const patience = new Patience({ lost: sayLost(stderr) })
  for await (last of followWorkflow(remote, one, patience)) void last
  if (!last) {
    if (ignoreNotFound) return true
    stderr.write(`argosy: workflow "${name}" not found in namespace ${namespace}\n`)
    return false
  }
  if (!hasFinished(last)) {
    stderr.write(`argosy: workflow "${name}" was deleted before it ended\n`)
    return false
  }
  const { phase, finishedAt = '' } = last.status ?? {}
  if (!quiet) stdout.write(`${name} ${phase} at ${goTime(finishedAt)}\n`)
  return !hasFailed(phase)
}
