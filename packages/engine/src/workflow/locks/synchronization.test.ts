import { describe, expect, test } from 'vitest'
import type { NodeStatus } from '../../spec/status.ts'
import type { Workflow, WorkflowSpec } from '../../spec/workflow.ts'
import { type LockCase, lockCases } from '../testing/golden-locks.table.ts'
import { LockBench } from '../testing/lock-bench.ts'
import { Play } from '../testing/play.ts'

function workflowOf(name: string, spec: WorkflowSpec): Workflow {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name }, spec }
}

/** Workflows side by side over the same locks. */
class Town {
  readonly bench = new LockBench()
  readonly plays: readonly Play[]
  readonly says: string[] = []
  readonly began: string[] = []
  atOnce = 0

  constructor({ workflows, limits, ends }: Omit<LockCase, 'name'>) {
    this.plays = Object.entries(workflows).map(
      ([name, spec]) =>
        new Play(workflowOf(name, spec), {
          locks: this.bench,
          ...(limits !== undefined && { configMaps: { limits } }),
          outcome: ({ name: node }) => {
            const end = ends?.[node] ?? 0
            return typeof end === 'number' ? { exitCode: end } : end
          },
        }),
    )
  }

  play(): this {
    for (const play of this.plays) this.pass(play)
    for (let moved = true; moved; ) {
      moved = false
      for (const play of this.plays) {
        if (play.done || play.passes > 100 || !play.step()) continue
        this.pass(play)
        moved = true
      }
    }
    return this
  }

  pass(play: Play): void {
    play.pass()
    const { metadata, status } = play.workflow
    this.#note(metadata.name, status?.phase === 'Pending' ? status.message : undefined)
    for (const { name, message, type } of play.nodes) {
      if (type !== 'StepGroup') this.#note(name, message)
    }
    const active = this.plays.flatMap(({ pods }) =>
      [...pods.values()].filter(({ status: pod }) => !over.has(pod?.phase ?? '')),
    )
    this.atOnce = Math.max(this.atOnce, active.length)
    for (const { metadata: pod } of active) {
      const node = pod.annotations?.['workflows.argoproj.io/node-name'] ?? ''
      if (!this.began.includes(node)) this.began.push(node)
    }
  }

  #note(name: string | undefined, message: string | undefined): void {
    if (message === undefined || message === '') return
    const line = `${name}: ${message}`
    if (!this.says.includes(line)) this.says.push(line)
  }

  get nodes(): readonly NodeStatus[] {
    return this.plays.flatMap(({ nodes }) => nodes)
  }

  get(name: string): Play {
    const play = this.plays.find(({ workflow }) => workflow.metadata.name === name)
    if (play === undefined) throw new Error(`no workflow ${name}`)
    return play
  }
}

const over = new Set(['Succeeded', 'Failed'])

function line(text: string, message: string | undefined, nodes: readonly NodeStatus[]): string {
  if (message === undefined) return text
  const readable = nodes.reduce(
    (all, node) => all.replaceAll(`'${node.id}'`, `'${node.name}'`),
    message,
  )
  return `${text}: ${readable}`
}

function expectEnds({ workflow = {}, nodes = {} }: LockCase, town: Town): void {
  for (const [name, end] of Object.entries(workflow)) {
    const { phase = '', message } = town.get(name).workflow.status ?? {}
    expect(line(phase, message, town.nodes), name).toBe(end)
  }
  for (const [name, end] of Object.entries(nodes)) {
    const node = town.nodes.find((other) => other.name === name)
    expect(line(`${node?.type} ${node?.phase}`, node?.message, []), name).toBe(end)
  }
}

/** What is over has nothing and waits for nothing. */
function expectNothingKept(town: Town): void {
  for (const play of town.plays.filter(({ done }) => done)) {
    expect(play.workflow.status?.synchronization).toBe(undefined)
    for (const node of play.nodes) expect(node.synchronizationStatus, node.name).toBe(undefined)
  }
  if (town.plays.every(({ done }) => done)) expect(town.bench.locks.names()).toEqual([])
}

describe('workflows that share locks', () => {
  test.each(lockCases)('$name', (one) => {
    const town = new Town(one).play()
    if (one.atOnce !== undefined) expect(town.atOnce).toBe(one.atOnce)
    if (one.order !== undefined) expect(town.began).toEqual(one.order)
    if (one.says !== undefined) expect(town.says).toEqual(one.says)
    expectEnds(one, town)
    expectNothingKept(town)
  })
})

const container = { name: 'main', image: 'i', command: ['c'] }
const one = { name: 'one', container, synchronization: { mutexes: [{ name: 'm' }] } }
const two: WorkflowSpec = {
  entrypoint: 'main',
  templates: [
    {
      name: 'main',
      steps: [
        [
          { name: 'a', template: 'one' },
          { name: 'b', template: 'one' },
        ],
      ],
    },
    one,
  ],
}
const whole: WorkflowSpec = {
  entrypoint: 'pod',
  synchronization: { mutexes: [{ name: 'm' }] },
  templates: [{ name: 'pod', container }],
}

function node(play: Play, name: string): NodeStatus {
  return play.node(name)
}

describe('what the status says', () => {
  test('of a node that holds and one that waits', () => {
    const town = new Town({ workflows: { w: two } })
    const play = town.get('w')
    play.pass()
    const a = `default/w/${node(play, 'a').id}`
    expect(play.workflow.status?.synchronization).toEqual({
      mutex: {
        holding: [{ mutex: 'default/Mutex/m', holder: a }],
        waiting: [{ mutex: 'default/Mutex/m', holder: a }],
      },
    })
    expect(node(play, 'b')).toMatchObject({
      type: 'Pod',
      phase: 'Pending',
      message: 'Waiting for default/Mutex/m lock. Lock status: 0/1',
      synchronizationStatus: { waiting: 'default/Mutex/m' },
    })
  })

  test('of a workflow that waits for a semaphore, and of who holds it', () => {
    const semaphore = { semaphores: [{ configMapKeyRef: { name: 'limits', key: 'k' } }] }
    const spec = { ...whole, synchronization: semaphore }
    const town = new Town({ workflows: { v: spec, w: spec }, limits: { k: '1' } })
    for (const play of town.plays) town.pass(play)
    const lock = 'default/ConfigMap/limits/k'
    expect(town.get('v').workflow.status?.synchronization).toEqual({
      semaphore: { holding: [{ semaphore: lock, holders: ['default/v'] }] },
    })
    const { status, metadata } = town.get('w').workflow
    expect(status).toMatchObject({
      phase: 'Pending',
      message: `Waiting for ${lock} lock. Lock status: 0/1`,
      synchronization: { semaphore: { waiting: [{ semaphore: lock, holders: ['default/v'] }] } },
    })
    expect(status?.startedAt).toBe(undefined)
    expect(metadata.labels).toMatchObject({
      'workflows.argoproj.io/phase': 'Pending',
      'workflows.argoproj.io/completed': 'false',
    })
  })
})

describe('what happens from outside while something waits', () => {
  test('Stop ends a node that waits, and it gives its place in line back', () => {
    const town = new Town({ workflows: { v: two, w: two } })
    for (const play of town.plays) town.pass(play)
    const play = town.get('w')
    play.edit((workflow) => ({ ...workflow, spec: { ...workflow.spec, shutdown: 'Stop' } }))
    town.pass(play)
    expect(node(play, 'a')).toMatchObject({
      phase: 'Failed',
      message: "Stopped with strategy 'Stop'",
    })
    expect(play.workflow.status?.phase).toBe('Failed')
    expect(town.bench.locks.lineOf('default/Mutex/m').length).toBe(1)
  })

  test('the deadline of the workflow ends a node that waits', () => {
    const late = { ...two, activeDeadlineSeconds: 1 }
    const town = new Town({
      workflows: { v: whole, w: late },
      ends: { v: { never: true } },
    }).play()
    expect(node(town.get('w'), 'b').message).toBe('Step exceeded its deadline')
    expect(town.get('w').workflow.status?.phase).toBe('Failed')
  })

  test('Terminate ends a workflow that waits, Stop lets it wait', () => {
    const town = new Town({ workflows: { v: whole, w: whole }, ends: { v: { never: true } } })
    town.play()
    const play = town.get('w')
    const shut = (shutdown: 'Stop' | 'Terminate') => {
      play.edit((workflow) => ({ ...workflow, spec: { ...workflow.spec, shutdown } }))
      play.pass()
    }
    shut('Stop')
    expect(play.workflow.status?.phase).toBe('Pending')
    shut('Terminate')
    expect(play.workflow.status).toMatchObject({
      phase: 'Failed',
      message: "Stopped with strategy 'Terminate'",
    })
    expect(town.bench.locks.lineOf('default/Mutex/m')).toEqual([])
  })

  test('what is suspended begins nothing when its turn comes, and goes on when it is resumed', () => {
    const town = new Town({ workflows: { w: two } })
    const play = town.get('w')
    play.pass()
    const suspend = (on: boolean) =>
      play.edit((workflow) => ({ ...workflow, spec: { ...workflow.spec, suspend: on } }))
    suspend(true)
    play.run()
    expect(play.created.length).toBe(1)
    suspend(false)
    play.run()
    expect(play.workflow.status?.phase).toBe('Succeeded')
  })

  test('a raised limit lets more begin, and those that still wait say the new limit', () => {
    const key = 'default/ConfigMap/limits/k'
    const semaphore = { semaphores: [{ configMapKeyRef: { name: 'limits', key: 'k' } }] }
    const limits: Record<string, string> = { k: '1' }
    const names = ['a', 'b', 'c', 'd']
    const spec: WorkflowSpec = {
      entrypoint: 'main',
      templates: [
        { name: 'main', steps: [names.map((name) => ({ name, template: 'one' }))] },
        { ...one, synchronization: semaphore },
      ],
    }
    const town = new Town({ workflows: { w: spec }, limits })
    const play = town.get('w')
    play.pass()
    expect(play.created.length).toBe(1)
    limits['k'] = '3'
    town.bench.setLimit(key, 3)
    play.pass()
    expect(play.created.length).toBe(3)
    expect(node(play, 'd').message).toBe(`Waiting for ${key} lock. Lock status: 0/3`)
  })

  test('a crash at any pass changes nothing', () => {
    for (let at = 1; at < 12; at++) {
      const bench = new LockBench()
      const play = new Play(workflowOf('w', two), {
        locks: bench,
        crash: (pass) => pass === at,
      }).run()
      expect(play.workflow.status?.phase).toBe('Succeeded')
      expect(play.created.length).toBe(2)
      expect(bench.locks.names()).toEqual([])
    }
  })
})

test('a workflow says under upstream’s name which locks of the database it has', () => {
  const bench = new LockBench()
  const configMaps = { 'database-sync-limits': { k: '1' } }
  const synchronization = {
    semaphores: [{ database: { key: 'k' } }],
    mutexes: [{ name: 'k', database: true }],
  }
  const template = { name: 't', suspend: {} }
  const spec: WorkflowSpec = { entrypoint: 't', synchronization, templates: [template] }
  const [a, b] = ['a', 'b'].map((name) => {
    const play = new Play(workflowOf(name, spec), { locks: bench, configMaps })
    play.pass()
    return play.workflow.status
  })
  const name = 'default/Database/k'
  expect(a?.synchronization).toEqual({
    semaphore: { holding: [{ semaphore: name, holders: ['default/a'] }] },
    mutex: { holding: [{ mutex: name, holder: 'default/a' }] },
  })
  expect(b).toMatchObject({
    phase: 'Pending',
    message: 'Waiting for default/Database/k lock (sem/default/k). Lock status: 1/1',
    synchronization: {
      semaphore: { waiting: [{ semaphore: name, holders: ['default/a'] }] },
      mutex: { waiting: [{ mutex: name, holder: 'default/a' }] },
    },
  })
})
