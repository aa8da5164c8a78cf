import { describe, expect, test } from 'vitest'
import type { NodeStatus } from '../spec/status.ts'
import type { Workflow } from '../spec/workflow.ts'
import { advance } from './advance.ts'
import { nodeId } from './names.ts'
import { recompute } from './oracle/recompute.ts'
import { facts } from './testing/compare.ts'
import { type Golden, goldens as plain } from './testing/golden.table.ts'
import { daemonGoldens } from './testing/golden-daemons.table.ts'
import { dagGoldens } from './testing/golden-dags.table.ts'
import { hookGoldens } from './testing/golden-hooks.table.ts'
import { kindCases } from './testing/golden-kinds.table.ts'
import { podGoldens } from './testing/golden-pods.table.ts'
import { type Outcome, Play } from './testing/play.ts'
import { Stage, written } from './testing/stage.ts'

const name = 'w'
const goldens = [
  ...plain,
  ...hookGoldens,
  ...daemonGoldens,
  ...podGoldens,
  ...kindCases,
  ...dagGoldens,
]

function workflowOf({ spec }: Pick<Golden, 'spec'>): Workflow {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name }, spec }
}

function short(node: Pick<NodeStatus, 'name'>): string {
  return node.name.slice(name.length)
}

/** Ids in messages are read as the names they stand for. */
function readable(message: string, nodes: readonly NodeStatus[]): string {
  return nodes.reduce((text, node) => text.replaceAll(`'${node.id}'`, `'${short(node)}'`), message)
}

function outcomeOf(golden: Golden, node: NodeStatus): Outcome {
  const end = golden.ends?.[short(node)] ?? 0
  return typeof end === 'number' ? { exitCode: end } : end
}

function line(phase: string | undefined, message: string | undefined): string {
  return message === undefined ? String(phase) : `${phase}: ${message}`
}

function summary(play: Play) {
  const { nodes } = play
  const byId = new Map(nodes.map((node) => [node.id, short(node)]))
  const told = (ids: readonly string[] = []) => ids.map((id) => byId.get(id) ?? id)
  const text = (message: string | undefined) => message && readable(message, nodes)
  const { phase, message } = play.workflow.status ?? {}
  return {
    workflow: line(phase, text(message)),
    nodes: Object.fromEntries(
      nodes.map((node) => [short(node), line(`${node.type} ${node.phase}`, text(node.message))]),
    ),
    children: Object.fromEntries(nodes.map((node) => [short(node), told(node.children).sort()])),
    outbound: Object.fromEntries(
      nodes.map((node) => [short(node), told(node.outboundNodes).sort()]),
    ),
    outputs: Object.fromEntries(nodes.map((node) => [short(node), node.outputs])),
    inputs: Object.fromEntries(nodes.map((node) => [short(node), node.inputs])),
  }
}

describe('a workflow from its first pass to its last', () => {
  test.each(goldens)('$name', (golden) => {
    const play = new Play(workflowOf(golden), {
      outcome: (node) => outcomeOf(golden, node),
      ...(golden.templates !== undefined && { templates: golden.templates }),
    }).run()
    const got = summary(play)
    expect(got.workflow).toBe(golden.workflow)
    expect(got.nodes).toEqual(golden.nodes)
    for (const field of ['children', 'outbound', 'outputs', 'inputs'] as const) {
      expect(got[field]).toMatchObject(golden[field] ?? {})
    }
    const [first, ...others] = golden.order ?? []
    others.reduce((before, after) => {
      const [ended, began] = [play.node(name + before), play.node(name + after)]
      expect(String(ended.finishedAt) <= String(began.startedAt), `${before} ${after}`).toBe(true)
      return after
    }, first)
    expect(play.done).toBe(true)
  })

  test('ids hash the name of the node', () => {
    expect(nodeId('hello', 'agent')).toBe('hello-1340600742')
  })

  test('every finished workflow counts its progress to the end', () => {
    const spec = goldens.find((golden) => golden.name.startsWith('groups run'))?.spec ?? {}
    const play = new Play(workflowOf({ spec })).run()
    expect(play.workflow.status?.progress).toBe('3/3')
    expect(play.node('w').progress).toBe('3/3')
  })
})

const pod = { name: 'pod', container: { name: 'main', image: 'i', command: ['c'] } }

describe('what happens from outside', () => {
  const spec = {
    entrypoint: 'main',
    onExit: 'pod',
    templates: [pod, { name: 'main', steps: [[{ name: 'a', template: 'pod', onExit: 'pod' }]] }],
  }

  function stopped(shutdown: 'Stop' | 'Terminate'): Play {
    const play = new Play(workflowOf({ spec }))
    play.pass()
    play.step()
    play.pass()
    play.edit((workflow) => ({ ...workflow, spec: { ...workflow.spec, shutdown } }))
    return play.run()
  }

  test('Stop ends what runs, stops its pod, and runs the exit handlers', () => {
    const play = stopped('Stop')
    expect(play.node('a').message).toBe('workflow shutdown with strategy:  Stop')
    expect(play.decisions.flatMap(({ stop }) => stop)).toEqual([
      { name: `w-pod-${nodeId('', 'w[0].a').slice(1)}`, mode: 'deadline' },
    ])
    expect(play.node('a.onExit').phase).toBe('Succeeded')
    expect(play.node('w.onExit').phase).toBe('Succeeded')
    expect(play.workflow.status).toMatchObject({
      phase: 'Failed',
      message: "Stopped with strategy 'Stop'",
    })
  })

  test('Terminate runs no exit handler', () => {
    const play = stopped('Terminate')
    expect(play.nodes.map((node) => node.name)).toEqual(['w', 'w[0]', 'w[0].a'])
    expect(play.workflow.status?.message).toBe("Stopped with strategy 'Terminate'")
  })

  test('Terminate during an exit handler stops it too', () => {
    const play = new Play(workflowOf({ spec }), {
      outcome: (node) => (node.name.endsWith('.onExit') ? { never: true } : {}),
    }).run()
    expect(play.node('a.onExit').phase).toBe('Running')
    play.edit((workflow) => ({ ...workflow, spec: { ...workflow.spec, shutdown: 'Terminate' } }))
    play.run()
    expect(play.node('a.onExit').message).toBe('workflow shutdown with strategy:  Terminate')
    expect(play.decisions.at(-1)?.stop ?? []).not.toBe(undefined)
    expect(play.done).toBe(true)
  })

  test('a pending pod that vanishes is made again, a running one is lost', () => {
    const play = new Play(workflowOf({ spec: { entrypoint: 'pod', templates: [pod] } }))
    play.pass()
    play.removePod('w')
    expect(play.pass().create.map(({ metadata }) => metadata.name)).toEqual(['w'])
    play.step()
    play.pass()
    play.removePod('w')
    play.pass()
    expect(play.node('w')).toMatchObject({ phase: 'Error', message: 'pod deleted' })
  })

  test('parallelism never holds more pods than it says, and gives places in the order of the tree', () => {
    const names = ['a', 'b', 'c', 'd']
    const groups = [names.map((step) => ({ name: step, template: 'pod' }))]
    const limited = {
      entrypoint: 'main',
      parallelism: 2,
      templates: [pod, { name: 'main', steps: groups }],
    }
    const stage = new Stage(workflowOf({ spec: limited }), {
      pick: (count) => count - 1,
      outcome: () => ({ exitCode: 0 }),
      watch: (before) => {
        const open = before.pods.filter(({ status }) => status?.phase !== 'Succeeded')
        expect(open.length).toBeLessThanOrEqual(2)
      },
    }).play()
    const order = stage.created.map((made) => stage.pods.get(made)?.metadata.annotations)
    expect(order.map((notes) => notes?.['workflows.argoproj.io/node-name'])).toEqual(
      names.map((step) => `w[0].${step}`),
    )
  })

  test('a retry without a limit of what cannot begin ends with the workflow, not with the stack', () => {
    const broken = { ...pod, podSpecPatch: '{', retryStrategy: { retryPolicy: 'Always' as const } }
    const play = new Play(workflowOf({ spec: { entrypoint: 'pod', templates: [broken] } }), {
      maxPasses: 5,
    }).run()
    expect(play.nodes.length).toBeLessThan(10)
  })
})

test('the oracle leads the same way by itself', () => {
  for (const golden of goldens.filter(({ nodes }) => Object.keys(nodes).length > 0)) {
    const stage = new Stage(workflowOf(golden), {
      pick: () => 0,
      outcome: () => ({ exitCode: 0 }),
      ...(golden.templates !== undefined && { templates: golden.templates }),
      watch: (before, decision) => {
        const expected = recompute(before).workflow
        expect(facts(written(before.workflow, decision.ops)), golden.name).toEqual(facts(expected))
      },
    })
    stage.play(50)
    expect(advance(stage.run, [], stage.now).ops).toEqual([])
  }
})
