import type { Json } from '../../spec/json.ts'
import type { Container } from '../../spec/pod.ts'
import type {
  ContainerNode,
  DagTask,
  Invocation,
  LifecycleHook,
  RetryStrategy,
  Step,
  Template,
  Workflow,
  WorkflowSpec,
} from '../../spec/workflow.ts'
import { countdown } from './countdown.ts'
import type { Dice } from './dice.ts'

export interface Taste {
  /** Nothing whose outcome depends on what happens to end first: no places to wait for, no failFast, no deadlines. */
  readonly calm?: boolean
  /** No hooks that ask for what a node is at one moment. */
  readonly hookless?: boolean
  /** No leaf gives up by itself: whoever does in the moment of its turn passes it on, to whom is not said. */
  readonly patient?: boolean
  /** Leaves that need one of two mutexes, or both. */
  readonly locks?: boolean
}

/** A valid workflow of mixed shape. */
export function randomWorkflow(dice: Dice, taste: Taste = {}): Workflow {
  return new Author(dice, taste).workflow()
}

const leaves = [
  'plain',
  'giver',
  'teller',
  'pause',
  'stubborn',
  'picky',
  'slow',
  'set',
  'object',
  'call',
] as const
const givers: readonly string[] = ['giver', 'stubborn', 'object']
const tellers: readonly string[] = ['teller', 'call']
const daemons = ['server', 'phoenix'] as const
const servers: readonly string[] = daemons

function setOf(container: Container): readonly ContainerNode[] {
  return [
    { ...container, name: 'a' },
    { ...container, name: 'b', dependencies: ['a'] },
    { ...container, name: 'c', dependencies: ['a'] },
    { ...container, name: 'main', dependencies: ['b', 'c'] },
  ]
}

class Author {
  readonly #dice: Dice
  readonly #calm: boolean
  /** With daemons nothing waits for a place: one that runs would hold it for ever. */
  readonly #serves: boolean
  readonly #taste: Taste
  readonly #templates: Template[] = []

  constructor(dice: Dice, taste: Taste) {
    this.#dice = dice
    this.#calm = taste.calm === true
    this.#serves = dice.once(3)
    this.#taste = taste
  }

  workflow(): Workflow {
    const entrypoint = this.#template(3)
    const spec: WorkflowSpec = {
      entrypoint,
      arguments: { parameters: [{ name: 'who', value: 'world' }] },
      templates: [
        ...this.#leafTemplates().map((leaf) => this.#locked(leaf)),
        countdown,
        ...this.#templates,
      ],
      ...this.#specExtras(),
    }
    return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name: 'w' }, spec }
  }

  #locked(leaf: Template): Template {
    if (!this.#taste.locks || this.#dice.once(3)) return leaf
    const names = this.#dice.pick([['m'], ['n'], ['m', 'n']])
    return { ...leaf, synchronization: { mutexes: names.map((name) => ({ name })) } }
  }

  #specExtras(): Partial<WorkflowSpec> {
    const dice = this.#dice
    const spec: Record<string, unknown> = {}
    if (dice.once(4)) spec['onExit'] = dice.pick(['plain', 'teller', 'pause', 'stubborn'])
    if (dice.once(6) && !this.#taste.hookless)
      spec['hooks'] = { at: this.#lifecycleHook('workflow.status') }
    if (!this.#calm && !this.#serves && dice.once(4)) spec['parallelism'] = 1 + dice.below(3)
    if (!this.#calm && dice.once(8)) spec['activeDeadlineSeconds'] = 2 + dice.below(12)
    if (dice.once(6)) {
      spec['volumeClaimTemplates'] = [{ metadata: { name: 'store' }, spec: {} }]
      const strategy = dice.pick(['', 'OnWorkflowSuccess', 'OnWorkflowCompletion'])
      spec['volumeClaimGC'] = { strategy }
    }
    if (dice.once(10)) spec['retryStrategy'] = this.#retryStrategy()
    return spec as Partial<WorkflowSpec>
  }

  #leafTemplates(): readonly Template[] {
    const x = { parameters: [{ name: 'x', default: '0' }] }
    const container = {
      name: 'main',
      image: 'i',
      command: ['c'],
      args: ['{{inputs.parameters.x}}'],
    }
    const giving = { parameters: [{ name: 'v', valueFrom: { path: '/v' } }] }
    const timed = this.#calm || this.#taste.patient ? {} : { timeout: '3s' }
    return [
      { name: 'plain', inputs: x, container },
      { name: 'giver', inputs: x, container, outputs: giving },
      {
        name: 'teller',
        inputs: x,
        script: { name: 'main', image: 'i', command: ['sh'], source: 'echo' },
      },
      { name: 'pause', inputs: x, suspend: { duration: this.#dice.pick(['2', '3s', '0']) } },
      {
        name: 'stubborn',
        inputs: x,
        container,
        outputs: giving,
        retryStrategy: this.#retryStrategy(),
      },
      { name: 'picky', inputs: x, container, retryStrategy: this.#retryStrategy() },
      { name: 'slow', inputs: x, container, ...timed },
      { name: 'set', inputs: x, containerSet: { containers: setOf(container) }, ...timed },
      { name: 'call', inputs: x, http: { url: 'http://h/{{inputs.parameters.x}}' }, ...timed },
      {
        name: 'object',
        inputs: x,
        resource: { action: 'get', flags: ['cm', '{{inputs.parameters.x}}'] },
        outputs: { parameters: [{ name: 'v', valueFrom: { jsonPath: '{.v}' } }] },
      },
      { name: 'server', inputs: x, daemon: true, container: { ...container, command: ['serve'] } },
      {
        name: 'phoenix',
        inputs: x,
        daemon: true,
        container: { ...container, command: ['serve'] },
        retryStrategy: { limit: String(this.#dice.below(3)) },
      },
    ]
  }

  #retryStrategy(): RetryStrategy {
    const dice = this.#dice
    const limit = String(dice.below(4))
    return dice.pick<RetryStrategy>([
      { limit },
      { limit, retryPolicy: 'Always' },
      { limit, retryPolicy: 'OnError' },
      { limit, backoff: { duration: '2', factor: 2 } },
      { limit, backoff: { duration: '1s', factor: '3', cap: '4s' }, retryPolicy: 'Always' },
      this.#calm ? { limit } : { limit, backoff: { duration: '2', factor: 2, maxDuration: '5' } },
      { limit, expression: 'asInt(lastRetry.exitCode) < 2' },
      { limit: '2', expression: 'asInt(retries) < 1' },
    ])
  }

  /** The name of a template; `depth` levels of steps and dags may stand below it. */
  #template(depth: number): string {
    const dice = this.#dice
    const kind = depth === 0 || this.#templates.length > 4 ? 0 : dice.below(depth === 3 ? 8 : 5)
    if (this.#serves && dice.once(4)) return dice.pick(daemons)
    if (kind === 0) return dice.pick(leaves)
    if (kind === 4) return 'countdown'
    const name = `t${this.#templates.length}`
    // Its place first: what is made below gets other names.
    const at = this.#templates.push({ name }) - 1
    const body = kind % 2 === 1 ? this.#steps(depth) : this.#dag(depth)
    this.#templates[at] = {
      name,
      inputs: { parameters: [{ name: 'x', default: '0' }] },
      ...body,
      ...this.#bodyExtras(name),
    }
    return name
  }

  #bodyExtras(name: string): Partial<Template> {
    const dice = this.#dice
    return {
      ...(!this.#calm && !this.#serves && dice.once(5) && { parallelism: 1 + dice.below(2) }),
      ...(!this.#calm && dice.once(8) && { failFast: true }),
      ...(dice.once(8) && { retryStrategy: this.#retryStrategy() }),
      // One of its own: what it calls would wait for it.
      ...(this.#taste.locks && dice.once(3) && { synchronization: { mutexes: [{ name }] } }),
    }
  }

  #steps(depth: number): Partial<Template> {
    const dice = this.#dice
    const before: Invocation[] = []
    const groups: Step[][] = []
    const count = 1 + dice.below(3)
    for (let group = 0; group < count; group++) {
      const steps: Step[] = []
      const many = 1 + dice.below(3)
      for (let index = 0; index < many; index++) {
        const name = `s${group}${'abc'[index]}`
        const step = this.#invocation(name, { kind: 'steps', before, depth })
        steps.push({ ...step, ...this.#continueOn() })
      }
      groups.push(steps)
      before.push(...steps)
    }
    return { steps: groups, ...this.#outputs('steps', before) }
  }

  #dag(depth: number): Partial<Template> {
    const dice = this.#dice
    const tasks: DagTask[] = []
    const count = 1 + dice.below(5)
    const byExpression = dice.once(3)
    for (let index = 0; index < count; index++) {
      const needs = tasks.filter(() => dice.once(3))
      const before = needs.filter((need) => tasks.includes(need))
      const task = this.#invocation(`T${index}`, { kind: 'tasks', before, depth })
      tasks.push({ ...task, ...this.#dependsOn(needs, byExpression) })
    }
    const listed = dice.once(3) ? tasks.toReversed() : tasks
    const failFast = dice.once(3) ? { failFast: false } : {}
    const target = dice.once(8)
      ? { target: dice.pick(tasks.map(({ name }) => name) as [string]) }
      : {}
    const everything =
      target.target === undefined && tasks.every(({ name }) => isTarget(name, tasks))
    return {
      dag: { tasks: listed, ...failFast, ...target },
      ...(everything && this.#outputs('tasks', tasks)),
    }
  }

  #dependsOn(needs: readonly DagTask[], byExpression: boolean): Partial<DagTask> {
    const dice = this.#dice
    const names = needs.map(({ name }) => name)
    if (!byExpression) {
      return { ...(names.length > 0 && { dependencies: names }), ...this.#continueOn() }
    }
    if (names.length === 0) return {}
    const atoms = names.map((name) => this.#atom(name, needs))
    return { depends: atoms.join(dice.pick([' && ', ' || '])) }
  }

  #atom(name: string, needs: readonly DagTask[]): string {
    const loop = needs.find((need) => need.name === name)?.withItems !== undefined
    const results = ['Succeeded', 'Failed', 'Errored', 'Skipped', 'Omitted'] as const
    return this.#dice.pick([
      name,
      `${name}.${this.#dice.pick(results)}`,
      `!${name}.Succeeded`,
      `(${name}.Succeeded || ${name}.Failed)`,
      loop ? `(${name}.AnySucceeded || ${name}.AllFailed)` : name,
    ])
  }

  #continueOn(): Pick<Invocation, 'continueOn'> {
    const dice = this.#dice
    return dice.once(4)
      ? { continueOn: { failed: dice.once(2), ...(dice.once(2) && { error: true }) } }
      : {}
  }

  #invocation(
    name: string,
    place: {
      readonly kind: 'steps' | 'tasks'
      readonly before: readonly Invocation[]
      readonly depth: number
    },
  ): Invocation {
    const template = this.#template(place.depth - 1)
    const loop = this.#loop()
    const value = this.#value(place.kind, place.before, Object.keys(loop).length > 0)
    return {
      name,
      template,
      ...(value !== undefined && {
        arguments: { parameters: [{ name: template === 'countdown' ? 'n' : 'x', value }] },
      }),
      ...loop,
      ...this.#when(place.kind, place.before),
      ...this.#hooks(place.kind, name),
    }
  }

  #loop(): Partial<Invocation> {
    const dice = this.#dice
    if (!dice.once(4)) return {}
    return dice.pick<Partial<Invocation>>([
      { withItems: [1, 2] },
      { withItems: ['a', 'b(c)', 'd'] as Json[] },
      { withItems: [{ k: 'v' }, { k: 'w' }] },
      { withParam: '[3, 4]' },
      { withParam: '[]' },
      { withSequence: { count: '2' } },
      { withSequence: { count: '0' } },
    ])
  }

  #value(
    kind: 'steps' | 'tasks',
    before: readonly Invocation[],
    looping: boolean,
  ): string | undefined {
    const dice = this.#dice
    if (!dice.once(2)) return undefined
    const choices = ['1', '{{workflow.parameters.who}}', ...references(kind, before)]
    if (looping) choices.push('{{item}}')
    return dice.pick(choices as [string, ...string[]])
  }

  #when(kind: 'steps' | 'tasks', before: readonly Invocation[]): Pick<Invocation, 'when'> {
    const dice = this.#dice
    if (!dice.once(5)) return {}
    const told = references(kind, before)
      .filter((reference) => !reference.endsWith('.ip}}'))
      .map((reference) => `${reference} > 4`)
    return { when: dice.pick(['1 == 1', '1 == 2', ...told]) }
  }

  #hooks(kind: 'steps' | 'tasks', name: string): Pick<Invocation, 'hooks'> {
    const dice = this.#dice
    const hooks: Record<string, LifecycleHook> = {}
    if (dice.once(6)) hooks['exit'] = this.#exitHook(kind, name)
    if (this.#taste.hookless) return Object.keys(hooks).length > 0 ? { hooks } : {}
    if (dice.once(6)) hooks['one'] = this.#lifecycleHook(`${kind}['${name}'].status`)
    if (dice.once(12)) hooks['two'] = this.#lifecycleHook(`${kind}['${name}'].status`)
    return Object.keys(hooks).length > 0 ? { hooks } : {}
  }

  /** Fires by what `status` is; now and then it cannot. */
  #lifecycleHook(status: string): LifecycleHook {
    const dice = this.#dice
    const template = dice.pick(['plain', 'pause', 'stubborn', 'picky', 'countdown'])
    return dice.pick<LifecycleHook>([
      { template, expression: `${status} == 'Running'` },
      { template, expression: `${status} == 'Succeeded'` },
      { template, expression: `${status} in ['Failed', 'Error']` },
      { template, expression: `${status} != 'Pending'` },
      { template, expression: `${status} == 'Skipped' || ${status} == 'Omitted'` },
      { template: 'plain', expression: `${status} == 'Running'`, ...told(status) },
      { template: dice.once(3) ? 'nowhere' : template, expression: `${status} == 'Failed'` },
      { template, expression: dice.once(3) ? `${status}.no.such > 1` : 'false' },
    ])
  }

  #exitHook(kind: 'steps' | 'tasks', name: string): LifecycleHook {
    const dice = this.#dice
    const template = dice.pick(['plain', 'pause', 'stubborn'])
    return dice.pick<LifecycleHook>([
      { template },
      { template, expression: `${kind}['${name}'].status == 'Failed'` },
      { template, arguments: { parameters: [{ name: 'x', value: `{{${kind}.${name}.status}}` }] } },
    ])
  }

  #outputs(kind: 'steps' | 'tasks', before: readonly Invocation[]): Partial<Template> {
    const [reference] = references(kind, before).filter((one) => !one.endsWith('.ip}}'))
    if (reference === undefined || !this.#dice.once(2)) return {}
    return {
      outputs: { parameters: [{ name: 'v', valueFrom: { parameter: reference, default: '7' } }] },
    }
  }
}

function told(status: string): Pick<LifecycleHook, 'arguments'> {
  return { arguments: { parameters: [{ name: 'x', value: `{{=${status}}}` }] } }
}

function isTarget(name: string, tasks: readonly DagTask[]): boolean {
  return !tasks.some(
    ({ dependencies, depends }) => dependencies?.includes(name) || depends?.includes(name),
  )
}

/** What a step may say of those that came before it. */
function references(kind: 'steps' | 'tasks', before: readonly Invocation[]): readonly string[] {
  return before.flatMap(({ name, template = '', withItems, withParam, withSequence }) => {
    const looping = withItems ?? withParam ?? withSequence
    if (looping !== undefined) return []
    if (givers.includes(template)) return [`{{${kind}.${name}.outputs.parameters.v}}`]
    if (servers.includes(template)) return [`{{${kind}.${name}.ip}}`]
    return tellers.includes(template) ? [`{{${kind}.${name}.outputs.result}}`] : []
  })
}
