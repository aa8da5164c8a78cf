import { type Board, isExecutable, type Node } from './board.ts'

/** Of each group: while the workflow runs over what is in it, in the end over all that hangs below it. */
export function sumUpGroups(board: Board, over: boolean): void {
  for (const group of board.all().filter((node) => !isExecutable(node))) {
    const all = over ? below(board, group) : inside(board, group)
    const progress = progressOf(all)
    if (progress !== '0/0') group.progress = progress
    Object.assign(group, spent(all))
  }
}

/** Nothing when none has been measured. */
export function spent(nodes: readonly Node[]): Pick<Node, 'resourcesDuration'> {
  const resourcesDuration = durationsOf(nodes)
  return Object.keys(resourcesDuration).length > 0 ? { resourcesDuration } : {}
}

function below({ nodes }: Board, group: Node): readonly Node[] {
  const ids = new Set(group.children)
  for (const id of ids) for (const child of nodes[id]?.children ?? []) ids.add(child)
  return [...ids].flatMap((id) => nodes[id] ?? [])
}

/** All whose names go on from the group's; but the exit handler is not in the root. */
function inside(board: Board, { name }: Node): readonly Node[] {
  const handler = `${board.name}.onExit`
  return board.all().filter((other) => {
    const handled = goesOn(other.name, handler) || other.name === handler
    return goesOn(other.name, name) && (!handled || name !== board.name)
  })
}

function goesOn(name: string, start: string): boolean {
  return name.startsWith(start) && /^[.[(]/.test(name.slice(start.length))
}

export function progressOf(nodes: readonly Node[]): string {
  let [done, all] = [0, 0]
  for (const node of nodes.filter(isExecutable)) {
    const [n = '0', m = '0'] = (node.progress ?? '0/0').split('/')
    done += Number(n)
    all += Number(m)
  }
  return `${done}/${all}`
}

export function durationsOf(nodes: readonly Node[]): Readonly<Record<string, number>> {
  const total: Record<string, number> = {}
  for (const { type, resourcesDuration } of nodes) {
    if (type !== 'Pod') continue
    for (const [resource, seconds] of Object.entries(resourcesDuration ?? {})) {
      total[resource] = (total[resource] ?? 0) + seconds
    }
  }
  return total
}
