import { expect } from 'vitest'
import type { End } from './house.ts'
import type { Span } from './pod-spans.ts'

type Holds = (end: End) => void

/** What is true of an example however its coins fall, or whatever else cannot be said step by step. */
export const invariants = {
  coins,
  retries,
  conditionalParameter: (end) => {
    coins(end)
    const face = flipped(end, /flip-coin$/)
    expect(outputOf(end, '', 'stepresult')).toBe(face)
  },
  conditionalArtifact: (end) => {
    coins(end)
    expect(end.nodes.get('')?.outputs?.artifacts?.map(({ name }) => name)).toEqual(['result'])
  },
  complexCondition: (end) => {
    coins(end)
    const face = flipped(end, /\.flip-again$/)
    expect(ran(end, '[3].complex-condition')).toBe(face === 'tails')
    expect(ran(end, '[3].heads-regex')).toBe(face === 'heads')
    expect(ran(end, '[3].tails-regex')).toBe(face === 'tails')
  },
  /** A hook that waits for its step to run may find that it has run already. */
  hookedSteps: (end) => {
    for (const step of ['[0].step-1', '[1].step2']) {
      expect(said(end, step)).toBe('it was heads')
      expect(said(end, `${step}.hooks.success`)).toMatch(/200$/)
      expect([undefined, 'Succeeded']).toContain(end.nodes.get(`${step}.hooks.running`)?.phase)
    }
  },
  /** Each of three workers may have bad luck; what the lucky ones leave is kept in any case. */
  avoided: (end) => {
    const lucky = [0, 1, 2].filter((n) => !said(end, `[1].echo(${n}:${n})`).includes('oh no!'))
    expect(end.workflow.status?.phase).toBe(lucky.length === 3 ? 'Succeeded' : 'Failed')
    expect(ran(end, '.onExit')).toBe(true)
    const { outputs } = end.nodes.get('.onExit') ?? {}
    expect(outputs?.artifacts?.map(({ name }) => name)).toEqual(['markers'])
  },
  everyVariable: (end) => {
    expect([...end.said.values()].join('\n')).not.toMatch(/\{\{/)
    expect(said(end, '[0].prepare')).toMatch(/^steps\.name {10}= prepare$/m)
    const consumed = said(end, '[2].consume')
    // The steps of the entrypoint are called by none.
    expect(consumed).toMatch(/^current step\.name {4}= $/m)
    expect(consumed).toMatch(/^fanout\.echoed-param {2}= \[alpha=1,beta=2\]$/m)
    expect(said(end, '[3].dag-stage.gather')).toMatch(/named-params = \[tag=x,tag=y,tag=z\]$/)
    expect(said(end, '.onExit[0].report')).toMatch(/= greeting=hello target=world\ngreeting/)
  },
  resultIsPrinted: (end) => {
    const number = said(end, '[0].generate')
    expect(number).toMatch(/^-?\d+$/)
    expect(said(end, '[1].print')).toBe(`result was: ${number}`)
  },
  measured: (end) => {
    const { conditions = [] } = end.workflow.status ?? {}
    expect(conditions.map(({ type }) => type)).not.toContain('MetricsError')
  },
  nestedSequence: (end) => {
    const outer = Number(said(end, '[0].hello-a'))
    for (let at = 0; at < outer; at += 1) {
      const inner = Number(said(end, `[1].hello-b(${at}:${at + 1})[0].hello-b`))
      const repeats = [...end.said.keys()].filter((name) =>
        name.startsWith(`[1].hello-b(${at}:${at + 1})[1].hello-c(`),
      )
      expect(repeats.length).toBe(sequence(inner))
    }
    const rounds = new Set(
      [...end.said.keys()].flatMap((name) => /^\[1\]\.hello-b\((\d+):/.exec(name)?.[1] ?? []),
    )
    expect(rounds.size).toBe(sequence(outer))
  },
  resubmittable: (end) => {
    const phase = (name: string) => end.nodes.get(name)?.phase
    const [a, b] = [phase('.A'), phase('.B')]
    const wants = (name: string, may: boolean) =>
      expect(may ? ['Succeeded', 'Failed'] : ['Omitted']).toContain(phase(name))
    wants('.C', b === 'Succeeded')
    wants('.D', a === 'Succeeded' && b === 'Succeeded')
    const all = ['.A', '.B', '.C', '.D'].every((name) => phase(name) === 'Succeeded')
    expect(end.workflow.status?.phase).toBe(all ? 'Succeeded' : 'Failed')
    for (const [name, { type, phase }] of end.nodes) {
      if (type === 'Pod')
        expect(said(end, name)).toBe(`exiting with code ${phase === 'Succeeded' ? 0 : 1}`)
    }
  },
  guarded: ({ workflow }) => {
    expect(workflow.metadata.finalizers).toEqual(['workflows.argoproj.io/artifact-gc'])
    expect(workflow.status?.artifactGCStatus?.notSpecified).toBeUndefined()
  },
  ownRepository: ({ workflow, nodes }) => {
    expect(workflow.status?.artifactRepositoryRef).toMatchObject({
      configMap: 'artifact-repositories',
      key: 'my-key',
      namespace: workflow.metadata.namespace,
    })
    const key = `my-own/${workflow.metadata.name}/${workflow.metadata.name}/hello_world.tgz`
    expect(nodes.get('')?.outputs?.artifacts?.[0]?.disk).toEqual({ key })
  },
  reduced: ({ workflow, nodes }) => {
    const total = nodes.get('.reduce')?.outputs?.artifacts?.[0]
    expect(total?.disk).toEqual({ key: `${workflow.metadata.name}/total.json` })
  },
  labelled: (end) => expect(end.workflow.metadata.labels?.['foo']).toBe('bar'),
  podMetadata: (end) => {
    const { labels, annotations } = end.pods.get('[0].hello1')?.metadata ?? {}
    expect(labels).toMatchObject({ app: 'print-message', tier: 'demo' })
    expect(annotations).toMatchObject({ 'iam.amazonaws.com/role': 'role-arn' })
  },
  displayNames: (end) => {
    const names = [...end.pods.keys()].map((name) => end.nodes.get(name)?.displayName)
    expect(names.toSorted()).toEqual([
      'os-alpine-3.6',
      'os-debian-8.9',
      'os-debian-9.1',
      'os-ubuntu-17.10',
    ])
  },
  headLines: (end) =>
    expect(end.nodes.get('')?.outputs?.artifacts?.map(({ name }) => name)).toContain('text'),
  exitHandler: (end) => {
    const { name } = end.workflow.metadata
    const mail = said(end, '.onExit[0].notify')
    const [, duration, failures = ''] =
      new RegExp(`^send e-mail: ${name} Failed (\\S+)\\. Failed steps (.*)$`).exec(mail) ?? []
    expect(Number(duration)).toBeLessThan(60)
    const [failure] = JSON.parse(failures)
    expect(failure).toMatchObject({
      displayName: name,
      message: 'main: Error (exit code 1)',
      templateName: 'intentional-fail',
      phase: 'Failed',
      podName: name,
    })
  },
  twoAtOnce: (end) => expect(mostAtOnce(end, /^\[0\]\.sleep\((\d+)/)).toBe(2),
  twoBranchesAtOnce: (end) => expect(mostAtOnce(end, /^\.(b\d)/)).toBe(2),
  oneStepAtOnce: (end) => {
    expect(mostAtOnce(end, /^\[0\]\.seq-step\((\d+)/)).toBe(1)
    expect(mostAtOnce(end, /^(.*)$/)).toBe(2)
  },
  oneStepOfEachWorkerAtOnce: (end) => {
    for (const worker of [0, 1, 2, 3]) {
      const its = new RegExp(`^\\[0\\]\\.parallel-worker\\(${worker}:.*seq-step\\((\\d+)`)
      expect(mostAtOnce(end, its)).toBe(1)
    }
    expect(mostAtOnce(end, /parallel-worker\((\d)/)).toBe(4)
  },
  fibonacci: (end) => expect(said(end, '[1].printresult')).toBe('5'),
  oneHolderPerMutex: (end) => {
    expect(mostAtOnce(end, /acquire-lock(\(.*)$/)).toBe(1)
    expect(mostAtOnce(end, /acquire-lock1(\(.*)$/)).toBe(1)
  },
  threeHolders: (end) => expect(mostAtOnce(end, /acquire-lock(\(.*)$/)).toBe(3),
  workflowCollected: ({ left }) => expect(left).toBeUndefined(),
  succeededPodCollected: ({ left }) => expect(left).toEqual(['[0].fail']),
  labelledPodCollected: ({ left = [] }) =>
    expect(left.toSorted()).toEqual(['[0].fail', '[0].succeed-not-deleted']),
  colours: (end) => expect(said(end, '').split('\n')).toHaveLength(99),
  thousand: (end) =>
    expect(said(end, '').split('\n')).toEqual(Array.from({ length: 1000 }, (_, at) => `${at + 1}`)),
} as const satisfies Readonly<Record<string, Holds>>

/** Wherever a coin was flipped, its face decided what ran and the other was skipped. */
function coins(end: End): void {
  const flips = [...end.nodes.keys()].filter((name) => /[.\]]flip-coin$/.test(name))
  expect(flips.length).toBeGreaterThan(0)
  for (const flip of flips) {
    const face = said(end, flip)
    const next = flip.endsWith('[0].flip-coin') ? flip.replace(/\[0\]\.flip-coin$/, '[1].') : '.'
    expect(['heads', 'tails']).toContain(face)
    expect(ran(end, `${next}heads`)).toBe(face === 'heads')
    expect(ran(end, `${next}tails`)).toBe(face === 'tails')
  }
}

/** Attempts follow each other until one succeeds, a limit is reached or an expression says no. */
function retries({ nodes }: End): void {
  const all = [...nodes].filter(([, { type }]) => type === 'Retry')
  expect(all.length).toBeGreaterThan(0)
  for (const [name, { phase, message }] of all) {
    const attempts: string[] = []
    for (let at = 0; nodes.has(`${name}(${at})`); at += 1) {
      attempts.push(String(nodes.get(`${name}(${at})`)?.phase))
    }
    expect(attempts.slice(0, -1).every((one) => one === 'Failed')).toBe(true)
    expect(attempts.at(-1)).toBe(phase)
    if (phase === 'Succeeded') continue
    const last = nodes.get(`${name}(${attempts.length - 1})`)
    if (message === 'No more retries left') expect([3, 11]).toContain(attempts.length)
    else {
      expect(message).toBe('retryStrategy.expression evaluated to false')
      expect(last?.outputs?.exitCode).toBe('1')
    }
  }
}

const said = ({ said }: End, name: string) => said.get(name) ?? `${name} has no pod`
const ran = ({ nodes }: End, name: string) => nodes.get(name)?.phase === 'Succeeded'

function flipped(end: End, which: RegExp): string {
  return said(end, [...end.nodes.keys()].find((name) => which.test(name)) ?? '')
}

function outputOf({ nodes }: End, name: string, parameter: string): unknown {
  return nodes.get(name)?.outputs?.parameters?.find((one) => one.name === parameter)?.value
}

/** How many items `withSequence: { start: 1, end }` has: it counts down when the end lies below. */
const sequence = (end: number) => (end >= 1 ? end : 2 - end)

/** How many of the groups that a pattern finds among the pods were at work at one moment. */
function mostAtOnce({ spans }: End, group: RegExp): number {
  const groups = new Map<string, Span>()
  for (const [name, [from, to]] of spans) {
    const key = group.exec(name)?.[1]
    if (key === undefined) continue
    const [first, last] = groups.get(key) ?? [from, to]
    groups.set(key, [Math.min(first, from), Math.max(last, to)])
  }
  const all = [...groups.values()]
  return Math.max(...all.map(([at]) => all.filter(([from, to]) => from <= at && at < to).length))
}
