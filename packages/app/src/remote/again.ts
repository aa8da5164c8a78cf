import type { Workflow } from '@argosy/engine'
import { paintFor } from '../output/paint.ts'
import type { Shell } from '../shell/shell.ts'
import { type Afterwards, afterwards } from './afterwards.ts'
import { type Choice, chosen } from './chosen.ts'
import type { Remote } from './connect.ts'
import { type ViewFormat, workflowText } from './print-workflow.ts'
import type { Name } from './wait-for.ts'

interface AgainFlags extends Afterwards {
  readonly output?: ViewFormat
}

/** For `retry` and `resubmit`: each workflow by itself; a single one may be waited for. Resolves to the exit code. */
export async function again(
  remote: Remote,
  { choice, flags }: { readonly choice: Choice; readonly flags: AgainFlags },
  shell: Shell,
  act: (name: Name) => Promise<Workflow>,
): Promise<number> {
  const names = await chosen(remote, choice, shell.now())
  const done: Name[] = []
  for (const name of names) {
    const workflow = await act(name)
    const { namespace = '', name: written = '' } = workflow.metadata
    done.push({ namespace, name: written })
    const paint = paintFor(shell.stdout)
    const format = flags.output
    shell.stdout.write(await workflowText(workflow, { format, paint, now: shell.now() }))
  }
  if (done.length !== 1) return 0
  const quiet = flags.output !== undefined && flags.output !== 'wide'
  return afterwards(remote, done, { ...flags, quiet }, shell)
}
