import type { Arguments, LifecycleHook } from '../../spec/workflow.ts'
import { evaluateCondition } from '../expression.ts'
import type { Scope } from '../scope.ts'
import { type Board, type Frame, isEnded, isFulfilled, type Node } from './board.ts'

/** The node that lifecycle hooks hang on, and what they may refer to. */
interface Site {
  readonly board: Board
  readonly node: Node
  readonly hooks: Readonly<Record<string, LifecycleHook>> | undefined
  readonly order: readonly number[]
  /** What has not fired by now never will. */
  closed(): boolean
  scope(): Scope
  arguments(hook: LifecycleHook, scope: Scope): Arguments | string
  readonly frame: Pick<Frame, 'holder' | 'invokedBy' | 'boundary' | 'onExit' | 'depth'>
  /** What is wrong makes itself felt; undefined when it has already, or cannot yet. */
  erred(message: string): (() => void) | undefined
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
    if (due === false) continue
    // What is wrong with one keeps those behind it from firing.
    if (typeof due === 'string' && !complain(site, due)) break
    waiting += 1
    if (typeof due === 'string') break
    note(site, name, hook)
  }
  return running.length + waiting === 0 && node.phase === phase
}

/** True when it is still to be felt. */
function complain(site: Site, message: string): boolean {
  const fire = site.erred(message)
  if (fire === undefined) return false
  site.board.due.push({ order: orderOf(site), boundary: 'none', fire })
  return true
}

function orderOf({ order }: Site): readonly number[] {
  return [...order, Number.MAX_SAFE_INTEGER]
}

/** Goes on with a hook that has fired; true when it is over. */
function moves(site: Site, name: string, hook: LifecycleHook): boolean {
  const args = site.arguments(hook, site.scope())
  if (typeof args === 'string') return true
  const { node, error } = run(site, name, hook, args)
  if (error !== undefined) site.erred(error)?.()
  report(site, node)
  return node !== undefined && isFulfilled(node)
}

/** The template of a hook could not be executed. */
function report(site: Site, node: Node | undefined): void {
  if (node?.type === 'Skipped' && node.phase === 'Error') site.erred(node.message ?? '')?.()
}

function isDue(site: Site, { expression }: LifecycleHook): boolean | string {
  const { board, node } = site
  const served = isEnded(node) && board.visible(node).podIP !== undefined
  if (site.closed() || served) return false
  const result = evaluateCondition(expression ?? '', site.scope().environment())
  return 'problem' in result ? result.problem : result.value
}

function note(site: Site, name: string, hook: LifecycleHook): void {
  const args = site.arguments(hook, site.scope())
  if (typeof args === 'string') {
    complain(site, args)
    return
  }
  const { boundary } = site.frame
  const fire = () => {
    if (!site.closed()) report(site, run(site, name, hook, args).node)
  }
  site.board.due.push({ order: orderOf(site), boundary, fire })
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
    order: orderOf(site),
    link: (made) => board.link(node, made),
  })
}
