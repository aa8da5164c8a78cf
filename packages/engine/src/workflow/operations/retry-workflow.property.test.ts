import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NodeStatus } from '../../spec/status.ts'
import type { Workflow } from '../../spec/workflow.ts'
import { fnv1a32 } from '../names.ts'
import { recompute } from '../oracle/recompute.ts'
import { facts } from '../testing/compare.ts'
import { Dice } from '../testing/dice.ts'
import { randomWorkflow } from '../testing/random-workflow.ts'
import { type Outcome, Stage, written } from '../testing/stage.ts'
import { type Retried, retryWorkflow } from './retry-workflow.ts'

const numbers = (maxLength: number) => fc.array(fc.nat(999), { maxLength, size: 'max' })

const failing = fc.record({
  shape: numbers(160),
  events: numbers(40),
  salt: fc.nat(1000),
  chosen: fc.nat(50),
})

/** The same histories every time; SEED and PROPERTY_RUNS look for others. */
const options = {
  numRuns: Number(process.env['PROPERTY_RUNS'] ?? 40),
  seed: Number(process.env['SEED'] ?? 1),
  endOnFailure: process.env['SHRINK'] === undefined,
}

type History = typeof failing extends fc.Arbitrary<infer T> ? T : never

function outcomeBy(salt: number): (nodeName: string) => Outcome {
  return (nodeName) => ({ exitCode: fnv1a32(`${salt} ${nodeName}`) % 4 === 0 ? 1 : 0 })
}

function played({ shape, events }: History, outcome: (nodeName: string) => Outcome): Stage {
  const dice = new Dice(events)
  return new Stage(randomWorkflow(new Dice(shape), { calm: true }), {
    pick: (count) => dice.below(count),
    outcome,
  }).play()
}

/** Plays on; every pass must lead to what a recomputation from nothing says. */
function playedOn(stage: Stage, retried: Retried): Stage {
  const next = new Stage(retried.workflow, {
    pick: () => 0,
    outcome: () => ({ exitCode: 0 }),
    watch: (before, decision) => {
      const expected = recompute(before)
      expect(facts(written(before.workflow, decision.ops))).toEqual(facts(expected.workflow))
      const names = (pods: readonly { readonly metadata: { readonly name?: string } }[]) =>
        pods.map(({ metadata }) => metadata.name).sort()
      expect(names(decision.create)).toEqual(names(expected.create))
    },
  })
  for (const [name, pod] of stage.pods) {
    if (!retried.podsToDelete.includes(name)) next.pods.set(name, pod)
  }
  for (const [name, result] of stage.results) {
    if (!retried.resultsToDelete.includes(name)) next.results.set(name, result)
  }
  next.now = stage.now + 60_000
  next.run = next.load()
  return next.play()
}

function nodesOf(workflow: Workflow): readonly NodeStatus[] {
  return Object.values(workflow.status?.nodes ?? {})
}

function accepted(result: ReturnType<typeof retryWorkflow>): Retried {
  if ('refused' in result) throw new Error(result.refused)
  return result
}

function expectSound(before: Stage, retried: Retried): void {
  const old = new Map(nodesOf(before.workflow).map((node) => [node.id, node]))
  const kept = new Set(nodesOf(retried.workflow).map(({ id }) => id))
  for (const node of nodesOf(retried.workflow)) {
    for (const id of [...(node.children ?? []), ...(node.outboundNodes ?? [])]) {
      expect(kept.has(id), `${node.name} speaks of ${id}`).toBe(true)
    }
  }
  const removed = [...old.values()].filter(({ id }) => !kept.has(id))
  const pods = removed.filter(({ type }) => type === 'Pod')
  expect(retried.podsToDelete.length).toBe(pods.length)
  for (const name of retried.podsToDelete) expect(before.created).toContain(name)
}

test('a failed workflow that is retried goes on, and nothing that stayed runs twice', () => {
  let retries = 0
  fc.assert(
    fc.property(failing, (history) => {
      const stage = played(history, outcomeBy(history.salt))
      if (stage.workflow.status?.phase !== 'Failed') return
      retries += 1
      const retried = accepted(retryWorkflow(stage.workflow, { now: stage.now + 60_000 }))
      expectSound(stage, retried)
      const after = playedOn(stage, retried)
      expect({ stuck: after.stuck, done: after.done }).toEqual({ stuck: false, done: true })
      const stayed = nodesOf(retried.workflow)
        .filter(({ type, phase }) => type === 'Pod' && phase === 'Succeeded')
        .map(({ id }) => id)
      const again = after.created.map(
        (name) => after.pods.get(name)?.metadata.annotations?.['workflows.argoproj.io/node-id'],
      )
      expect(again.filter((id) => stayed.includes(id ?? ''))).toEqual([])
      expect(new Set(after.created).size).toBe(after.created.length)
    }),
    options,
  )
  expect(retries).toBeGreaterThan(options.numRuns / 8)
}, 120_000)

test('nodes that are chosen run again though they succeeded, with all that came after them', () => {
  fc.assert(
    fc.property(failing, (history) => {
      const stage = played(history, () => ({ exitCode: 0 }))
      const pods = nodesOf(stage.workflow).filter(
        ({ type, name }) => type === 'Pod' && !name.startsWith('w.onExit'),
      )
      const chosen = pods[history.chosen % Math.max(1, pods.length)]
      if (chosen === undefined) return
      const retried = accepted(
        retryWorkflow(stage.workflow, {
          now: stage.now + 60_000,
          restartSuccessful: true,
          nodeFieldSelector: `id=${chosen.id}`,
        }),
      )
      expectSound(stage, retried)
      const isPast = /\(\d+\)[.[]/.test(chosen.name)
      if (!isPast) expect(nodesOf(retried.workflow).map(({ id }) => id)).not.toContain(chosen.id)
      const after = playedOn(stage, retried)
      expect({ stuck: after.stuck, done: after.done }).toEqual({ stuck: false, done: true })
    }),
    options,
  )
}, 120_000)
