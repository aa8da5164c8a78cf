import type { Pod } from '../../packages/engine/src/spec/pod.ts'
import type { NodeStatus, StepPlan } from '../../packages/engine/src/spec/status.ts'
import type { Decision } from '../../packages/engine/src/workflow/decision.ts'
import { recompute } from '../../packages/engine/src/workflow/oracle/recompute.ts'
import { applyOps } from '../../packages/engine/src/workflow/testing/apply-ops.ts'
import type { Before } from '../../packages/engine/src/workflow/testing/before.ts'
import { facts } from '../../packages/engine/src/workflow/testing/compare.ts'
import {
  type Outcome,
  Play,
  type PlayOptions,
} from '../../packages/engine/src/workflow/testing/play.ts'
import { act } from './act.ts'
import type { GoldenCase } from './golden-file.ts'
import { shortName } from './short-name.ts'

const passesAtMost = 300

/** Plays a case to its end with the real engine. */
export function playGolden(golden: GoldenCase, more: Partial<PlayOptions> = {}): Play {
  const play = new Play(golden.workflow, {
    outcome: (node, pod) => outcomeOf(golden, node, pod),
    templates: golden.stored,
    configMaps: golden.configMaps,
    caches: structuredClone(golden.caches),
    ...(golden.baseline !== undefined && { baseline: golden.baseline }),
    ...more,
  })
  const events = [...golden.events]
  play.pass()
  while (!play.done && play.passes < passesAtMost) {
    if (!happens(play, events) && !play.step()) break
    play.pass()
  }
  if (events.length > 0) throw new Error(`never came: ${events.join(', ')}`)
  return play
}

/** A step gives what its template declares, under the names it has there, and its result only when it is asked for. */
function outcomeOf(golden: GoldenCase, node: NodeStatus, pod: Pod): Outcome {
  const { outputs, ...outcome } = golden.ends[shortName(node)] ?? { exitCode: 0 }
  if (outputs === undefined) return outcome
  const text = pod.metadata.annotations?.['workflows.argoproj.io/template']
  if (text === undefined) return { ...outcome, outputs }
  const { template, includeResult } = JSON.parse(text) as StepPlan
  const { result, parameters, ...rest } = outputs
  const declared = template.outputs?.parameters ?? []
  const given = (parameters ?? []).map((one) => {
    const globalName = declared.find(({ name }) => name === one.name)?.globalName
    return { ...one, ...(globalName !== undefined && { globalName }) }
  })
  return {
    ...outcome,
    outputs: {
      ...rest,
      ...(given.length > 0 && { parameters: given }),
      ...(result !== undefined && includeResult && { result }),
    },
  }
}

/** True when the next thing that people do has been done. */
function happens(play: Play, events: string[]): boolean {
  const [event] = events
  if (event === undefined) return false
  const at = event.indexOf(': ')
  if (!isDue(play, event.slice(0, at))) return false
  events.shift()
  act(play, event.slice(at + 2))
  return true
}

/** `idle`, or `node Phase`. */
function isDue(play: Play, condition: string): boolean {
  if (condition === 'idle') return play.isQuiet
  const at = condition.lastIndexOf(' ')
  const [name, phase] = [condition.slice(0, at), condition.slice(at + 1)]
  return play.nodes.some((node) => shortName(node) === name && node.phase === phase)
}

/** Whatever the engine and the oracle do not agree on. */
export function disagreements(golden: GoldenCase): readonly unknown[][] {
  const found: unknown[][] = []
  // The oracle takes for granted that a workflow is valid.
  if (golden.want.end.startsWith('Failed: invalid spec')) return []
  const watch = (before: Before, decision: Decision) => {
    const expected = recompute(before)
    const got = applyOps(before.workflow, decision.ops)
    found.push([
      [facts(got), names(decision.create), stops(decision.stop), besides(decision)],
      [facts(expected.workflow), names(expected.create), stops(expected.stop), besides(expected)],
    ])
  }
  playGolden(golden, { watch })
  return found
}

/** What goes elsewhere: metrics, and outputs that are kept. */
function besides({
  metrics = [],
  remember = [],
}: Pick<Decision, 'metrics' | 'remember'>): readonly string[] {
  return [...metrics, ...remember].map((one) => JSON.stringify(one)).toSorted()
}

function names(pods: Decision['create']): readonly string[] {
  return pods.map(({ metadata }) => metadata.name ?? '').toSorted()
}

function stops(all: Decision['stop']): readonly string[] {
  return all.map(({ name, mode }) => `${name} ${mode}`).toSorted()
}
