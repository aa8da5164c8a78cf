import type { NodeStatus } from '@argosy/engine'
import { type Counts, fold, type Item, type Look, lookOf, mostTelling } from './fold.ts'
import type { Tree } from './tree.ts'

/** One line of the drawing. `node` is absent where a line stands for many. */
export interface Row {
  /** Lines and corners in front of the icon. */
  readonly rails: string
  readonly look: Look | undefined
  readonly name: string
  readonly node: NodeStatus | undefined
  /** The node that ran, when it is not `node` itself: the only attempt of a retry. */
  readonly ran: NodeStatus | undefined
  readonly counts: Counts | undefined
}

/** How much to leave out. */
interface Detail {
  /** Siblings of one loop beyond this many are shown as counts. */
  readonly siblings: number
  /** How many lines of one sibling list are drawn at most. */
  readonly lines: number
  readonly finished: 'open' | 'closed'
}

/** Steps from everything to the bare minimum, tried until the drawing fits. */
const details: readonly Detail[] = [
  { siblings: 20, lines: 200, finished: 'open' },
  { siblings: 10, lines: 40, finished: 'open' },
  { siblings: 10, lines: 40, finished: 'closed' },
  { siblings: 5, lines: 16, finished: 'closed' },
  { siblings: 3, lines: 8, finished: 'closed' },
  { siblings: 1, lines: 4, finished: 'closed' },
]

/** The tree in at most `height` lines: loops fold, finished branches close, what failed stays. */
export function layout(tree: Tree, height: number): readonly Row[] {
  let rows: readonly Row[] = []
  for (const detail of details) {
    rows = new Drawing(tree, detail, height).rows()
    if (rows.length <= height) return rows
  }
  return [...rows.slice(0, Math.max(height - 1, 0)), more('', rows.length - height + 1)]
}

/** The tree with every node, as long as it is. */
export function layoutWhole(tree: Tree): readonly Row[] {
  const all = Number.POSITIVE_INFINITY
  return new Drawing(tree, { siblings: all, lines: all, finished: 'open' }, all).rows()
}

class Drawing {
  readonly #tree: Tree
  readonly #detail: Detail
  readonly #height: number
  readonly #rows: Row[] = []

  constructor(tree: Tree, detail: Detail, height: number) {
    this.#tree = tree
    this.#detail = detail
    this.#height = height
  }

  rows(): readonly Row[] {
    for (const root of this.#tree.roots) this.#node(root, root.displayName, ' ', ' ')
    return this.#rows
  }

  #node(node: NodeStatus, name: string, first: string, rest: string): void {
    // One line too many is enough to know that this detail does not fit.
    if (this.#rows.length > this.#height) return
    const ran = onlyAttempt(this.#tree, node)
    const look = lookOf(node)
    this.#rows.push({ rails: first, look, name, node, ran, counts: undefined })
    if (this.#detail.finished === 'closed' && closes.has(look)) return
    const lists = this.#tree.below(ran ?? node)
    lists.forEach((list, index) => {
      this.#siblings(list, rest, {
        last: index === lists.length - 1,
        grouped: isSteps(ran ?? node),
      })
    })
  }

  #siblings(list: readonly NodeStatus[], rails: string, place: Place): void {
    const items = fold(list, this.#detail.siblings)
    const shown = items.length > this.#detail.lines ? this.#cut(items) : items
    const left = items.length - shown.length
    const count = shown.length + (left > 0 ? 1 : 0)
    shown.forEach((item, index) => {
      const [first, rest] = rail(rails, { ...place, index, count })
      this.#item(item, first, rest)
    })
    if (left > 0) this.#rows.push(more(rail(rails, { ...place, index: count - 1, count })[0], left))
  }

  #item(item: Item, first: string, rest: string): void {
    if (item.kind === 'node') {
      this.#node(item.node, item.node.displayName, first, rest)
      return
    }
    const { look, name, counts } = item
    this.#rows.push({ rails: first, look, name, node: undefined, ran: undefined, counts })
    const telling = mostTelling(item.nodes, this.#detail.siblings).filter(
      (node) => !closes.has(lookOf(node)) && lookOf(node) !== 'Pending',
    )
    telling.forEach((node, index) => {
      const end = index === telling.length - 1
      this.#node(node, node.displayName, rest + corner(end), rest + bar(end))
    })
  }

  /** Too many different siblings: the most telling ones, in their own order. */
  #cut(items: readonly Item[]): readonly Item[] {
    const nodes = items.flatMap((item) => (item.kind === 'node' ? [item.node] : []))
    const keep = new Set(mostTelling(nodes, this.#detail.lines))
    return items.filter((item) => item.kind === 'loop' || keep.has(item.node))
  }
}

interface Place {
  readonly last: boolean
  /** Step groups share one branch: `├─┬─a`, `│ └─b`. */
  readonly grouped: boolean
}

const closes: ReadonlySet<Look> = new Set(['Succeeded', 'Skipped', 'Omitted'])

/** What stands in front of a sibling, and in front of everything below it. */
function rail(
  rails: string,
  { index, count, last, grouped }: Place & { readonly index: number; readonly count: number },
): readonly [string, string] {
  const end = index === count - 1
  if (!grouped) return [rails + corner(end && last), rails + bar(end && last)]
  const below = rails + bar(last)
  const group = index === 0 ? rails + corner(last) : below
  return [group + fork(index, count), below + bar(end)]
}

/** How a step hangs on the branch of its group. */
function fork(index: number, count: number): string {
  if (count === 1) return '──'
  return index === 0 ? '┬─' : corner(index === count - 1)
}

const corner = (last: boolean) => (last ? '└─' : '├─')
const bar = (last: boolean) => (last ? '  ' : '│ ')

function more(rails: string, count: number): Row {
  const name = `… ${count} more`
  return { rails, look: undefined, name, node: undefined, ran: undefined, counts: undefined }
}

function isSteps(node: NodeStatus): boolean {
  return node.type === 'Steps'
}

/** A retry that needed one attempt is drawn as that attempt. */
function onlyAttempt(tree: Tree, node: NodeStatus): NodeStatus | undefined {
  if (node.type !== 'Retry') return undefined
  const attempts = tree.below(node).flat()
  const [only] = attempts
  return attempts.length === 1 && only?.nodeFlag?.hooked !== true ? only : undefined
}
