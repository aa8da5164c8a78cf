import type { Workflow } from '@argosy/engine'
import { hasFailed, isOver, runPhase } from '../format/phase.ts'
import { segments, send } from '../http/api.ts'
import type { IconName } from '../parts/icon.tsx'
import type { Need } from './rights.ts'

export type RunActionName =
  | 'retry'
  | 'resubmit'
  | 'suspend'
  | 'resume'
  | 'stop'
  | 'terminate'
  | 'delete'

export interface RunAction {
  readonly name: RunActionName
  readonly title: string
  readonly done: string
  readonly icon: IconName
  readonly suits: (run: Workflow) => boolean
  readonly needs: readonly Need[]
  /** What to ask before; without it the act is easily undone. */
  readonly question?: string
}

export const changing: readonly Need[] = [['update', 'workflows']]
export const creating: readonly Need[] = [['create', 'workflows']]
/** The pods of what failed make room. */
export const retrying: readonly Need[] = [...changing, ['delete', 'pods']]

const over = (run: Workflow) => isOver(runPhase(run))

/** What can be done with a run as a whole. */
export const runActions: readonly RunAction[] = [
  {
    name: 'retry',
    title: 'Retry',
    done: 'retried',
    icon: 'retry',
    suits: (run) => hasFailed(runPhase(run)),
    needs: retrying,
  },
  {
    name: 'resubmit',
    title: 'Resubmit',
    done: 'resubmitted',
    icon: 'plus',
    suits: over,
    needs: creating,
  },
  {
    name: 'suspend',
    title: 'Suspend',
    done: 'suspended',
    icon: 'pause',
    suits: (run) => !over(run) && !run.spec?.suspend,
    needs: changing,
  },
  {
    name: 'resume',
    title: 'Resume',
    done: 'resumed',
    icon: 'play',
    suits: (run) => !over(run) && (run.spec?.suspend === true || hasOpenSuspend(run)),
    needs: changing,
  },
  {
    name: 'stop',
    title: 'Stop',
    done: 'told to stop',
    icon: 'stop',
    suits: (run) => !over(run),
    needs: changing,
    question: 'Running steps end now; exit handlers still run.',
  },
  {
    name: 'terminate',
    title: 'Terminate',
    done: 'terminated',
    icon: 'cross',
    suits: (run) => !over(run),
    needs: changing,
    question: 'Running steps end now, and exit handlers do not run.',
  },
  {
    name: 'delete',
    title: 'Delete',
    done: 'deleted',
    icon: 'trash',
    suits: () => true,
    needs: [['delete', 'workflows']],
    question:
      'The run, its steps and their logs are gone afterwards. What the archive holds stays.',
  },
]

/** Where its rights are asked for. */
export function placeOf({ metadata: { namespace = '', name = '' } }: Workflow) {
  return { namespace, name }
}

/** Resolves to the run as the server has it now; a resubmitted one is another run. */
export function act(action: RunActionName, run: Workflow, body: object = {}): Promise<Workflow> {
  const { name = '', namespace = '' } = run.metadata
  const path = `workflows/${segments(namespace, name)}`
  if (action === 'delete') return send('DELETE', path)
  return send('PUT', `${path}/${action}`, { name, namespace, ...body })
}

/** What can be done with a run that the archive keeps. */
export const archiveActions: readonly RunAction[] = runActions.flatMap((action) => {
  if (action.name === 'delete')
    return {
      ...action,
      question: 'The archive forgets the run. Nothing else has it, unless it is still listed.',
    }
  // It comes back as a new object.
  if (action.name === 'retry') return { ...action, needs: [...creating, ['delete', 'pods']] }
  return action.name === 'resubmit' ? action : []
})

/** As `act`, for a run in the archive. */
export function actInArchive(action: RunActionName, { metadata }: Workflow): Promise<Workflow> {
  const { uid = '', name, namespace } = metadata
  const path = `archived-workflows/${segments(uid)}`
  if (action === 'delete') return send('DELETE', path)
  return send('PUT', `${path}/${action}`, { uid, name, namespace })
}

function hasOpenSuspend({ status }: Workflow): boolean {
  return Object.values(status?.nodes ?? {}).some(
    ({ type, phase }) => type === 'Suspend' && phase === 'Running',
  )
}
