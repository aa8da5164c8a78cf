import type { Workflow } from '../../spec/workflow.ts'
import { databaseLimits } from '../locks/lock-item.ts'
import type { Dice } from './dice.ts'
import { LockBench } from './lock-bench.ts'
import { type Outcome, type Script, Stage } from './stage.ts'

interface TownScript {
  /** Which workflow goes on next, and which of its pods. */
  readonly dice: Dice
  readonly outcome: (nodeName: string) => Outcome
  /** Whether the process dies now. */
  readonly dies?: () => boolean
  /** After every pass of anybody. */
  readonly watch?: (town: Town) => void
  /** Sees every pass of anybody, before it is written. */
  readonly judge?: Script['watch']
}

/** Where the limits of semaphores stand, of ConfigMaps and of the database. */
const limits: readonly string[] = ['limits', databaseLimits]

/** Several workflows that share their locks and live in one process. */
export class Town {
  readonly bench = new LockBench()
  readonly stages: readonly Stage[]
  stuck = false
  readonly #script: TownScript

  constructor(workflows: readonly Workflow[], script: TownScript) {
    this.#script = script
    this.stages = workflows.map(
      (workflow) =>
        new Stage(workflow, {
          pick: (count) => script.dice.below(count),
          outcome: script.outcome,
          locks: this.bench,
          ...(script.judge && { watch: script.judge }),
          configMap: (name) => (limits.includes(name) ? { data: { two: '2' } } : undefined),
          restart: () => this.restart(),
          crash: () => (script.dies?.() === true ? 'between' : 'none'),
        }),
    )
  }

  /** All forget what they know; each is looked at once, in any order. */
  restart(): void {
    this.bench.restart(this.stages.map(({ workflow }) => workflow))
    for (const stage of this.stages) stage.run = stage.load()
    this.#fresh = new Set(this.stages)
  }

  #fresh = new Set<Stage>()

  /** Plays until everybody is done, or nobody can ever go on. */
  play(maxTurns = 3000): this {
    for (let turn = 0; turn < maxTurns; turn++) {
      const open = this.stages.filter(({ done }) => !done)
      if (open.length === 0) return this
      if (!this.#turn(open)) {
        this.stuck = true
        return this
      }
      this.#script.watch?.(this)
    }
    throw new Error('it goes on and on')
  }

  #turn(open: readonly Stage[]): boolean {
    const first = this.#script.dice.below(open.length)
    const line = [...open.slice(first), ...open.slice(0, first)]
    const fresh = line.find((stage) => this.#fresh.has(stage))
    if (fresh === undefined) return line.some((stage) => stage.go())
    this.#fresh.delete(fresh)
    fresh.pass()
    return true
  }
}
