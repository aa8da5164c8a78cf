import type { Arguments, LifecycleHook } from '../../spec/workflow.ts'
import { evaluateCondition } from '../expression.ts'
import type { Scope } from '../scope.ts'
import { type Board, type Frame, isFulfilled, type Node } from './board.ts'

/** The node that lifecycle hooks hang on, and what they may refer to. */
interface Site {
  readonly board: Board
  readonly node: Node
  readonly hooks: Readonly<Record<string, LifecycleHook>> | undefined
  readonly order: readonly number[]
  /** What has not fired by now never will. */
  readonly closed: boolean
  scope(): Scope
  arguments(hook: LifecycleHook, scope: Scope): Arguments | string
  readonly frame: Pick<Frame, 'holder' | 'invokedBy' | 'boundary' | 'onExit' | 'depth'>
  erred(message: string): void
}

/** Moves the hooks that have fired, and notes those that are due. True when none is left that runs or is due. */
export function walkHooks(site: Site): boolean {
  const { board, node, hooks = {} } = site
  const { phase } = node
  const all = Object.entries(hooks).filter(([name]) => name !== 'exit')
  const hasFired = ([name]: readonly [string, LifecycleHook]) =>
    board.named(`${node.name}.hooks.${name}`) !== undefined
  const running = all.filter(hasFired).filter(([name, hook]) => !moves(site, name, hook))
  let waiting = 0
  for (const [name, hook] of all) {
    if (hasFired([name, hook])) continue
    const due = isDue(site, hook)
    if (typeof due === 'string') {
      // What is wrong with one keeps those behind it from firing.
      site.erred(due)
      break
    }
    if (!due) continue
    waiting += 1
    note(site, name, hook)
  }
  return running.length + waiting === 0 && node.phase === phase
}

/** Goes on with a hook that has fired; true when it is over. */
function moves(site: Site, name: string, hook: LifecycleHook): boolean {
  const args = site.arguments(hook, site.scope())
  if (typeof args === 'string') return true
  const { node, error } = run(site, name, hook, args)
  if (error !== undefined) site.erred(error)
  if (node?.type === 'Skipped' && node.phase === 'Error') site.erred(node.message ?? '')
  return node !== undefined && isFulfilled(node)
}

function isDue(site: Site, { expression }: LifecycleHook): boolean | string {
  if (site.closed) return false
  const result = evaluateCondition(expression ?? '', site.scope().environment())
  return 'problem' in result ? result.problem : result.value
}

function note(site: Site, name: string, hook: LifecycleHook): void {
  const args = site.arguments(hook, site.scope())
  if (typeof args === 'string') {
    site.erred(args)
    return
  }
  const order = [...site.order, Number.MAX_SAFE_INTEGER]
  const { boundary } = site.frame
  site.board.due.push({ order, boundary, fire: () => run(site, name, hook, args) })
}

function run(site: Site, name: string, hook: LifecycleHook, args: Arguments) {
  const { board, node, frame } = site
  const { template, templateRef } = hook
  return board.execute(board, {
    ...frame,
    nodeName: `${node.name}.hooks.${name}`,
    use: {
      ...(template !== undefined && { template }),
      ...(templateRef !== undefined && { templateRef }),
    },
    args,
    hooked: true,
    placed: true,
    order: [...site.order, Number.MAX_SAFE_INTEGER],
    link: (made) => board.link(node, made),
  })
}
