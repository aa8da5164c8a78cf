import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { advance, load } from './advance.ts'
import type { Decision } from './decision.ts'
import { fnv1a32 } from './names.ts'
import { recompute } from './oracle/recompute.ts'
import type { Before } from './testing/before.ts'
import { facts, timeless } from './testing/compare.ts'
import { Dice } from './testing/dice.ts'
import { randomWorkflow, type Taste } from './testing/random-workflow.ts'
import { type Crash, type Outcome, type Script, Stage, written } from './testing/stage.ts'

const numbers = (maxLength: number) => fc.array(fc.nat(999), { maxLength, size: 'max' })

/** The same histories every time; SEED and PROPERTY_RUNS look for others. */
const options = {
  numRuns: Number(process.env['PROPERTY_RUNS'] ?? 250),
  seed: Number(process.env['SEED'] ?? 1),
  endOnFailure: process.env['SHRINK'] === undefined,
}

/** How a pod ends depends on its node's name and the salt, not on when it ends. */
function outcomeBy(salt: number): (nodeName: string) => Outcome {
  return (nodeName) => {
    const roll = fnv1a32(`${salt} ${nodeName}`) % 16
    if (salt % 4 === 0 || roll < 11) return { exitCode: 0, silent: roll === 0 && salt % 4 === 1 }
    return { exitCode: roll < 14 ? 1 : 2 }
  }
}

function meddler(dice: Dice): Script['meddle'] {
  if (!dice.once(3)) return dice.once(4) ? suspender(dice) : undefined
  let done = false
  return (stage) => {
    if (done || !dice.once(8)) return
    done = true
    const pods = stage.podNames
    if (dice.once(2) && pods.length > 0) {
      stage.removePod(pods[dice.below(pods.length)]!)
      return
    }
    const shutdown = dice.pick(['Stop', 'Terminate'] as const)
    stage.edit((workflow) => ({ ...workflow, spec: { ...workflow.spec, shutdown } }))
  }
}

/** Suspends and resumes now and then, and stops it perhaps while it is suspended. */
function suspender(dice: Dice): Script['meddle'] {
  return (stage) => {
    if (stage.workflow.spec.suspend !== true) {
      if (dice.once(4)) stage.suspend()
      return
    }
    const { podNames } = stage
    if (dice.once(3)) stage.resume()
    else if (dice.once(12)) {
      const shutdown = dice.pick(['Stop', 'Terminate'] as const)
      stage.edit((workflow) => ({ ...workflow, spec: { ...workflow.spec, shutdown } }))
    } else if (dice.once(8) && podNames.length > 0) {
      stage.removePod(podNames[dice.below(podNames.length)]!)
    }
  }
}

interface History {
  readonly shape: readonly number[]
  readonly events: readonly number[]
  readonly salt: number
}

const history = fc.record<History>({
  shape: numbers(160),
  events: numbers(60),
  salt: fc.nat(1000),
})

function stageOf(
  { shape, events, salt }: History,
  extra: Partial<Script> & { readonly taste?: Taste } = {},
) {
  const dice = new Dice(events)
  const { taste, ...script } = extra
  return new Stage(randomWorkflow(new Dice(shape), taste), {
    pick: (count) => dice.below(count),
    meddle: meddler(dice) ?? (() => undefined),
    outcome: outcomeBy(salt),
    mortal: (podName) => taste?.calm !== true && fnv1a32(`${salt} ${podName}`) % 3 === 0,
    ...script,
  })
}

/** Asked again, the same run and one that is loaded from what was written have nothing to say. */
function expectQuiet(stage: Stage, decision: Decision): void {
  if ((decision.wakeAt ?? Number.POSITIVE_INFINITY) <= stage.now) return
  const nothing = { ops: [], create: [] }
  const { ops, create } = advance(stage.run, [], stage.now)
  expect({ ops, create: names(create) }).toEqual(nothing)
  // What was just asked for is not observed yet.
  if (decision.create.length + decision.stop.length > 0) return
  const fresh = advance(load(stage.before()), [], stage.now)
  expect({ ops: fresh.ops, create: names(fresh.create) }).toEqual(nothing)
}

function names(pods: readonly { readonly metadata: { readonly name?: string } }[]) {
  return pods.map(({ metadata }) => metadata.name).sort()
}

function agree(before: Before, decision: Decision): void {
  const expected = recompute(before)
  const got = written(before.workflow, decision.ops)
  expect(facts(got)).toEqual(facts(expected.workflow))
  expect(names(decision.create)).toEqual(names(expected.create))
  expect(decision.stop.map(({ name, mode }) => `${name} ${mode}`).sort()).toEqual(
    expected.stop.map(({ name, mode }) => `${name} ${mode}`).sort(),
  )
  if (expected.wakeAt !== undefined && !decision.done) {
    expect(decision.wakeAt).toBeLessThanOrEqual(expected.wakeAt)
  }
}

describe('random workflows under random histories', () => {
  test('every pass leads to what a recomputation from nothing says', () => {
    fc.assert(
      fc.property(history, (h) => {
        stageOf(h, { watch: agree }).play()
      }),
      options,
    )
  }, 120_000)

  test('the workflow is never stuck, and no pod is created twice', () => {
    fc.assert(
      fc.property(history, (h) => {
        const stage = stageOf(h).play()
        expect({ stuck: stage.stuck, done: stage.done }).toEqual({ stuck: false, done: true })
        const twice = stage.created.filter((name, at) => stage.created.indexOf(name) !== at)
        expect(twice.filter((name) => !stage.deleted.has(name))).toEqual([])
      }),
      options,
    )
  }, 120_000)

  test('a crash anywhere changes nothing', () => {
    fc.assert(
      fc.property(history, numbers(40), (h, crashes) => {
        const dice = new Dice(crashes)
        const crash = () => dice.pick<Crash>(['none', 'before', 'none', 'between'])
        const smooth = stageOf(h).play()
        const rough = stageOf(h, { crash }).play()
        expect(facts(rough.workflow)).toEqual(facts(smooth.workflow))
        expect(new Set(rough.created)).toEqual(new Set(smooth.created))
      }),
      options,
    )
  }, 120_000)

  test('deciding twice changes nothing, and a fresh load sees what was written', () => {
    fc.assert(
      fc.property(history, (h) => {
        const stage = stageOf(h)
        const pass = stage.pass.bind(stage)
        stage.pass = () => {
          const decision = pass()
          expectQuiet(stage, decision)
          return decision
        }
        stage.play()
      }),
      options,
    )
  }, 120_000)

  test('what is done stays done', () => {
    fc.assert(
      fc.property(history, (h) => {
        const stage = stageOf(h, {
          watch: (before, decision) => {
            const after = written(before.workflow, decision.ops).status?.nodes ?? {}
            for (const node of Object.values(before.workflow.status?.nodes ?? {})) {
              if (!ends.has(node.phase ?? '')) continue
              expect(after[node.id]?.phase, node.name).toBe(node.phase)
            }
          },
        }).play()
        const changes = [...stage.pods.values()].map((pod) => ({ kind: 'pod', pod }) as const)
        const decision = advance(stage.run, changes, stage.now + 1000)
        // A pod that was stopped ends after its workflow: it is released, and that is all.
        const { release: _, ...rest } = decision
        expect(rest).toEqual({ ops: [], create: [], stop: [], wakeAt: undefined, done: true })
      }),
      options,
    )
  }, 120_000)

  test('a workflow that is suspended now and then ends as if it had not been', () => {
    fc.assert(
      fc.property(history, numbers(60), (h, rests) => {
        const dice = new Dice(rests)
        const taste = { calm: true, hookless: true }
        const rest: Script['meddle'] = (stage) => {
          if (!dice.once(3)) return
          if (stage.workflow.spec.suspend === true) stage.resume()
          else stage.suspend()
        }
        const one = stageOf(h, { taste, meddle: () => undefined }).play()
        const two = stageOf(h, { taste, meddle: rest }).play()
        expect(timeless(two.workflow)).toEqual(timeless(one.workflow))
      }),
      options,
    )
  }, 120_000)

  test('the order in which pods move does not matter for the final tree', () => {
    fc.assert(
      fc.property(history, numbers(60), (h, other) => {
        const taste = { calm: true }
        const meddle = () => undefined
        const one = stageOf(h, { taste, meddle }).play()
        const two = stageOf({ ...h, events: other }, { taste, meddle }).play()
        expect(timeless(two.workflow)).toEqual(timeless(one.workflow))
      }),
      options,
    )
  }, 120_000)
})

const ends = new Set<string>(['Succeeded', 'Failed', 'Error', 'Skipped', 'Omitted'])
