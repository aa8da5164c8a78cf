import type { Shell } from '../shell/shell.ts'
import type { ViewOptions } from '../text/view-options.ts'
import type { Remote } from './connect.ts'
import { type Name, sayLost, waitFor } from './wait-for.ts'

/** What happens after workflows were submitted, retried or resubmitted. */
export interface Afterwards {
  readonly wait?: boolean
  readonly watch?: boolean
  readonly log?: boolean
}

/** Logs, waits or watches as asked; resolves to the exit code. argo: WaitWatchOrLog. */
export async function afterwards(
  remote: Remote,
  names: readonly Name[],
  what: Afterwards & { readonly quiet: boolean; readonly select?: ViewOptions['select'] },
  shell: Shell,
): Promise<number> {
  if (what.log) await logAll(remote, names, shell)
  if (what.wait) {
    const { stdout, stderr } = shell
    return waitFor(remote, names, { stdout, stderr, quiet: what.quiet })
  }
  if (what.watch) {
    const { watchFor } = await import('./watch-for.ts')
    for (const name of names) {
      await watchFor(remote, name, { shell, ...(what.select && { select: what.select }) })
    }
  }
  return 0
}

async function logAll(
  remote: Remote,
  names: readonly Name[],
  { stdout, stderr }: Shell,
): Promise<void> {
  const { workflowLogs } = await import('./workflow-logs.ts')
  const { logLines } = await import('./log-lines.ts')
  const { Patience } = await import('./patience.ts')
  const patience = new Patience({ lost: sayLost(stderr) })
  patience.answered()
  const query = { container: 'main', follow: true, previous: false, timestamps: false }
  for (const name of names)
    await workflowLogs(remote, name, query, { write: logLines(stdout), patience })
}
