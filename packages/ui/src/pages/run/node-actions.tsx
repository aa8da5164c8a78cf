import type { NodeStatus, Workflow } from '@argosy/engine'
import { useState } from 'react'
import { hasFailed, isOver, nodePhase, runPhase } from '../../format/phase.ts'
import { segments, send } from '../../http/api.ts'
import { Ask } from '../../parts/ask.tsx'
import { Deed } from '../../parts/deed.tsx'
import { ParameterField } from '../../parts/parameter-field.tsx'
import { tell } from '../../parts/toasts.tsx'
import { attemptsOf } from '../../state/pods.ts'
import { useRights } from '../../state/rights.ts'
import { changing, placeOf, retrying } from '../../state/run-actions.ts'
import { perform } from './perform.ts'
import { ShellButton } from './shell-button.tsx'

interface NodeActionsProps {
  readonly run: Workflow
  readonly node: NodeStatus
}

/** What can be done with one step: again from here, or an answer to what waits. */
export function NodeActions({ run, node }: NodeActionsProps) {
  const [asked, setAsked] = useState<'retry' | 'answer'>()
  const place = placeOf(run)
  const whyNot = useRights([place])
  const over = isOver(runPhase(run))
  const waits = node.type === 'Suspend' && nodePhase(node) === 'Running'
  const retryable = over && hasFailed(runPhase(run)) && isOver(nodePhase(node))
  const works = attemptsOf(run, node).length > 0
  if (!waits && !retryable && !works) return null
  return (
    <div className="bar">
      {retryable && (
        <Deed
          look="main"
          icon="retry"
          whyNot={whyNot(retrying, place)}
          act={() => setAsked('retry')}
        >
          Retry from here
        </Deed>
      )}
      {waits && (
        <Deed
          look="main"
          icon="play"
          whyNot={whyNot(changing, place)}
          act={() => setAsked('answer')}
        >
          Resume
        </Deed>
      )}
      {works && <ShellButton run={run} node={node} />}
      {asked === 'retry' && (
        <Ask
          title={`Retry from ${node.displayName}?`}
          yes="Retry from here"
          onClose={() => setAsked(undefined)}
          onYes={() => void perform({ name: 'retry', done: 'retried' }, run, fromNode(node))}
        >
          <p>This step and what follows it run again; what succeeded beside it is kept.</p>
        </Ask>
      )}
      {asked === 'answer' && <Answer run={run} node={node} onClose={() => setAsked(undefined)} />}
    </div>
  )
}

function fromNode({ id }: NodeStatus) {
  return { restartSuccessful: true, nodeFieldSelector: `id=${id}` }
}

interface AnswerProps extends NodeActionsProps {
  readonly onClose: () => void
}

/** A waiting step goes on; what it asks for is filled in first. */
function Answer({ run, node, onClose }: AnswerProps) {
  const asked = (node.outputs?.parameters ?? []).filter(({ valueFrom }) => valueFrom?.supplied)
  const given = new Map((node.inputs?.parameters ?? []).map((one) => [one.name, one]))
  const [values, setValues] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(asked.map(({ name }) => [name, given.get(name)?.value ?? ''])),
  )
  return (
    <Ask
      title={`Resume ${node.displayName}`}
      yes="Resume"
      onClose={onClose}
      onYes={() => void resume(run, node, values)}
    >
      {asked.length === 0 && <p>It waits only for somebody to say: go on.</p>}
      {asked.map((parameter) => (
        <ParameterField
          key={parameter.name}
          parameter={{ ...given.get(parameter.name), ...parameter }}
          value={values[parameter.name] ?? ''}
          change={(value) => setValues({ ...values, [parameter.name]: value })}
        />
      ))}
    </Ask>
  )
}

async function resume(
  run: Workflow,
  node: NodeStatus,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  const { namespace = '', name = '' } = run.metadata
  const common = { name, namespace, nodeFieldSelector: `id=${node.id}` }
  try {
    if (Object.keys(values).length > 0) {
      const outputParameters = JSON.stringify(values)
      await send('PUT', `workflows/${segments(namespace, name)}/set`, {
        ...common,
        outputParameters,
      })
    }
    await send('PUT', `workflows/${segments(namespace, name)}/resume`, common)
    tell('good', `${node.displayName} goes on`)
  } catch (error) {
    tell('bad', error instanceof Error ? error.message : String(error))
  }
}
