import type { NodePhase } from '../../packages/engine/src/spec/status.ts'
import type { Workflow } from '../../packages/engine/src/spec/workflow.ts'
import { setWorkflow } from '../../packages/engine/src/workflow/operations/set-workflow.ts'
import {
  stopWorkflow,
  terminateWorkflow,
} from '../../packages/engine/src/workflow/operations/stop-workflow.ts'
import {
  resumeWorkflow,
  suspendWorkflow,
} from '../../packages/engine/src/workflow/operations/suspend-workflow.ts'
import type { Play } from '../../packages/engine/src/workflow/testing/play.ts'
import { shortName } from './short-name.ts'

type Done = { readonly workflow: Workflow } | { readonly refused: string }

/** Somebody does something: `resume`, `stop`, `set displayName=a v=5`, `vanish NODE`. */
export function act(play: Play, text: string): void {
  const [verb = '', ...words] = text.split(' ')
  if (verb === 'vanish') vanish(play, words.join(' '))
  else play.edit((workflow) => edited(workflow, verb, { words, now: play.now }))
}

function edited(
  workflow: Workflow,
  verb: string,
  { words, now }: { readonly words: readonly string[]; readonly now: number },
): Workflow {
  const done = doing(workflow, verb, { words, now })
  if ('refused' in done) throw new Error(done.refused)
  return done.workflow
}

function doing(
  workflow: Workflow,
  verb: string,
  { words, now }: { readonly words: readonly string[]; readonly now: number },
): Done {
  const selected = words[0] === undefined ? {} : { nodeFieldSelector: words[0] }
  switch (verb) {
    case 'suspend':
      return suspendWorkflow(workflow)
    case 'resume':
      return resumeWorkflow(workflow, { now, ...selected })
    case 'resume-as':
      return resumeWorkflow(workflow, { now, actor: { name: words.join(' ') } as never })
    case 'stop':
      return stopWorkflow(workflow, { now, ...selected, message: words.slice(1).join(' ') })
    case 'terminate':
      return terminateWorkflow(workflow)
    case 'set':
      return setWorkflow(workflow, { now, nodeFieldSelector: words[0] ?? '', ...values(words) })
    default:
      throw new Error(`nobody can ${verb}`)
  }
}

function values([, ...words]: readonly string[]) {
  const pairs = words.map((word) => [
    word.slice(0, word.indexOf('=')),
    word.slice(word.indexOf('=') + 1),
  ])
  const { phase, message, ...outputParameters } = Object.fromEntries(pairs) as Record<
    string,
    string
  >
  return {
    ...(phase !== undefined && { phase: phase as NodePhase }),
    ...(message !== undefined && { message: message.replaceAll('_', ' ') }),
    ...(Object.keys(outputParameters).length > 0 && { outputParameters }),
  }
}

/** Somebody deletes the pod of a node. */
function vanish(play: Play, name: string): void {
  const node = play.nodes.find((one) => shortName(one) === name)
  const pod = [...play.pods.values()].find(
    ({ metadata }) => metadata.annotations?.['workflows.argoproj.io/node-id'] === node?.id,
  )
  play.removePod(pod?.metadata.name ?? '')
}
