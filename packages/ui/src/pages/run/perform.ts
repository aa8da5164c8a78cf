import type { Workflow } from '@argosy/engine'
import { tell } from '../../parts/toasts.tsx'
import { navigate } from '../../state/router.ts'
import { runPath } from '../../state/routes.ts'
import { act, type RunAction } from '../../state/run-actions.ts'

/** Does it, says so, and goes where the reader wants to be then. */
export async function perform(
  { name, done }: Pick<RunAction, 'name' | 'done'>,
  run: Workflow,
  body: object = {},
): Promise<void> {
  try {
    const answer = await act(name, run, body)
    tell('good', `${run.metadata.name} ${done}`)
    if (name === 'delete') navigate(`workflows/${run.metadata.namespace ?? ''}`)
    const made = answer?.metadata?.name
    if (name === 'resubmit' && made) navigate(runPath(run.metadata.namespace ?? '', made))
  } catch (error) {
    tell('bad', error instanceof Error ? error.message : String(error))
  }
}
