import type { Workflow } from '@argosy/engine'
import { systemClock } from '@argosy/kube'
import { paintFor } from '../output/paint.ts'
import { Screen } from '../output/screen.ts'
import type { Shell } from '../shell/shell.ts'
import type { ViewOptions } from '../text/view-options.ts'
import { workflowView } from '../text/workflow-view.ts'
import type { Remote } from './connect.ts'
import { followWorkflow } from './follow-workflow.ts'
import { Patience } from './patience.ts'
import { type Name, sayLost } from './wait-for.ts'

/**
 * Shows a workflow until it has ended: on a terminal a picture that is redrawn, elsewhere the whole of it at each change
 * of its phase or progress. Throws when there is none.
 */
export async function watchFor(
  remote: Remote,
  { namespace, name }: Name,
  { shell, select }: { readonly shell: Shell; readonly select?: ViewOptions['select'] },
): Promise<void> {
  const { stdout, stderr, now } = shell
  const paint = paintFor(stdout)
  const view = (workflow: Workflow) =>
    workflowView(workflow, {
      ...{ now: now(), paint, format: 'plain', utf8: true },
      ...(select && { select }),
    })
  const show = stdout.isTTY ? onScreen(new Screen(stdout), view) : onPaper(shell, view)
  let seen = false
  try {
    const patience = new Patience({ lost: sayLost(stderr) })
    for await (const workflow of followWorkflow(remote, { namespace, name }, patience)) {
      seen = true
      show.next(workflow)
    }
  } finally {
    show.end()
  }
  if (!seen) throw new Error(`workflow "${name}" not found in namespace ${namespace}`)
}

interface Show {
  next(workflow: Workflow): void
  end(): void
}

type View = (workflow: Workflow) => string

function onScreen(screen: Screen, view: View): Show {
  let latest: Workflow | undefined
  const stop = new AbortController()
  const draw = () => {
    if (latest) screen.draw(view(latest).trimEnd().split('\n'))
  }
  void everySecond(draw, stop.signal)
  return {
    next: (workflow) => {
      latest = workflow
      draw()
    },
    end: () => {
      stop.abort()
      draw()
      screen.end()
    },
  }
}

/** Durations go on while nothing changes. */
async function everySecond(act: () => void, signal: AbortSignal): Promise<void> {
  try {
    for (;;) {
      await systemClock.until(systemClock.now() + 1000, signal)
      act()
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

function onPaper({ stdout }: Shell, view: View): Show {
  let last = ''
  return {
    next: (workflow) => {
      const { phase, progress } = workflow.status ?? {}
      const state = `${phase} ${progress}`
      if (state !== last) stdout.write(`${last === '' ? '' : '\n'}${view(workflow)}`)
      last = state
    },
    end: () => undefined,
  }
}
