import { expect, test } from 'vitest'
import type { NodeStatus } from '../spec/status.ts'
import type { Workflow, WorkflowSpec } from '../spec/workflow.ts'
import { type SuspendCase, suspendCases } from './testing/golden-suspend.table.ts'
import { Play } from './testing/play.ts'

const short = ({ name }: Pick<NodeStatus, 'name'>) => name.slice(1)

/** Ids in messages are read as the names they stand for. */
function readable(message: string | undefined, nodes: readonly NodeStatus[]): string {
  const text = nodes.reduce(
    (so, node) => so.replaceAll(`'${node.id}'`, `'${short(node)}'`),
    message ?? '',
  )
  return text === '' ? '' : `: ${text}`
}

function line(node: NodeStatus, nodes: readonly NodeStatus[]) {
  const { type, phase, message, outputs, daemoned } = node
  const given = outputs?.parameters?.map(({ name, value }) => ` (${name}=${value})`).join('') ?? ''
  return `${type} ${phase}${given}${daemoned ? ' (daemon)' : ''}${readable(message, nodes)}`
}

function workflowOf(spec: WorkflowSpec): Workflow {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name: 'w' }, spec }
}

function played({ spec, ends = {}, acts }: SuspendCase): Play {
  let restarts = false
  const play = new Play(workflowOf(spec), {
    outcome: (node) => {
      const end = ends[short(node)] ?? 0
      return typeof end === 'number' ? { exitCode: end } : end
    },
    crash: () => restarts,
    maxPasses: 60,
  })
  play.pass()
  for (const act of acts) {
    restarts = act === 'restart'
    if (act === 'play') play.run()
    else {
      doing[act]?.(play)
      play.pass()
    }
  }
  return play
}

function editing(change: Partial<WorkflowSpec>) {
  return (play: Play) => play.edit((one) => ({ ...one, spec: { ...one.spec, ...change } }))
}

const doing: Readonly<Record<string, (play: Play) => void>> = {
  move: (play) => void play.step(),
  suspend: editing({ suspend: true }),
  resume: editing({ suspend: false }),
  Stop: editing({ shutdown: 'Stop' }),
  Terminate: editing({ shutdown: 'Terminate' }),
  vanish: (play) => play.removePod([...play.pods.keys()][0] ?? ''),
}

test.each(suspendCases)('$name', (one) => {
  const play = played(one)
  const { phase, message } = play.workflow.status ?? {}
  const { nodes } = play
  expect(Object.fromEntries(nodes.map((node) => [short(node), line(node, nodes)]))).toEqual(
    one.nodes,
  )
  expect(`${phase}${readable(message, nodes)}`).toBe(one.workflow)
  expect(play.decisions.flatMap(({ stop }) => stop).length).toBe(one.stopped ?? 0)
})
