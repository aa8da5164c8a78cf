import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Workflow } from '../../spec/workflow.ts'
import { fnv1a32 } from '../names.ts'
import { Dice } from '../testing/dice.ts'
import { randomWorkflow } from '../testing/random-workflow.ts'
import { type Script, Stage } from '../testing/stage.ts'

const options = {
  numRuns: Number(process.env['PROPERTY_RUNS'] ?? 60),
  seed: Number(process.env['SEED'] ?? 1),
}

const numbers = (maxLength: number) => fc.array(fc.nat(999), { maxLength, size: 'max' })
const history = fc.record({ shape: numbers(160), events: numbers(60), salt: fc.nat(1000) })

interface History {
  readonly shape: readonly number[]
  readonly events: readonly number[]
  readonly salt: number
}

function stageOf(
  { shape, events, salt }: History,
  extra: Partial<Script> & { calm?: boolean } = {},
): Stage {
  const dice = new Dice(events)
  const { calm = false, ...script } = extra
  return new Stage(randomWorkflow(new Dice(shape), { locks: true, calm }), {
    pick: (count) => dice.below(count),
    outcome: (nodeName) => ({ exitCode: fnv1a32(`${salt} ${nodeName}`) % 5 === 0 ? 1 : 0 }),
    ...script,
  })
}

/** How many pods that are not over stand under each mutex. */
function holders({ workflow, pods }: Stage): readonly number[] {
  const count = new Map<string, number>()
  for (const pod of pods.values()) {
    if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') continue
    // argo: a daemon gives its locks back as soon as it is ready.
    if (pod.status?.containerStatuses?.[0]?.ready === true) continue
    for (const mutex of mutexesOf(workflow, pod.metadata.annotations ?? {})) {
      count.set(mutex, (count.get(mutex) ?? 0) + 1)
    }
  }
  return [...count.values()]
}

function mutexesOf(
  { spec, status }: Workflow,
  annotations: Readonly<Record<string, string>>,
): readonly string[] {
  const node = status?.nodes?.[annotations['workflows.argoproj.io/node-id'] ?? '']
  const template = spec.templates?.find(({ name }) => name === node?.templateName)
  return (template?.synchronization?.mutexes ?? []).map(({ name = '' }) => name)
}

/** Notes the most pods that ever stood under one mutex. */
function watched(stage: Stage): { most: number } {
  const seen = { most: 0 }
  const pass = stage.pass.bind(stage)
  stage.pass = () => {
    const decision = pass()
    seen.most = Math.max(seen.most, ...holders(stage))
    return decision
  }
  return seen
}

describe('random workflows whose steps need locks', () => {
  test('are never stuck, and no mutex ever has two pods', () => {
    fc.assert(
      fc.property(history, (h) => {
        const stage = stageOf(h)
        const seen = watched(stage)
        stage.play()
        expect({ stuck: stage.stuck, done: stage.done }).toEqual({ stuck: false, done: true })
        expect(seen.most).toBeLessThanOrEqual(1)
        expect(stage.workflow.status?.synchronization).toBe(undefined)
      }),
      options,
    )
  }, 120_000)
})
