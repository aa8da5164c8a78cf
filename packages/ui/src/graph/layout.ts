import type { Edge } from './fold.ts'

export interface Placed {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly layer: number
}

export interface Layout {
  readonly placed: readonly Placed[]
  readonly width: number
  readonly height: number
}

/** Sizes in pixels; `x` is the upper left corner of a box. */
export const box = { width: 188, height: 34, gapX: 56, gapY: 10 } as const

const sweeps = 4

/**
 * Where everything goes: layers from left to right by the longest way, in a layer near the neighbours.
 * The same graph gives the same picture; a graph with circles is laid out too, without the lines that close them.
 */
export function layOut(ids: readonly string[], edges: readonly Edge[]): Layout {
  const graph = indexed(ids, edges)
  const layers = layersOf(graph)
  const rows = rowsOf(layers)
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const down = sweep % 2 === 0
    arrange(rows, down ? graph.parents : graph.children, down)
  }
  const ys = heights(rows, graph)
  const top = ys.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY)
  const placed = ids.map((id, index) => ({
    id,
    layer: layers[index] ?? 0,
    x: (layers[index] ?? 0) * (box.width + box.gapX),
    y: (ys[index] ?? 0) - top,
  }))
  const bottom = placed.reduce((most, { y }) => Math.max(most, y + box.height), 0)
  return {
    placed,
    width: Math.max(0, rows.length * (box.width + box.gapX) - box.gapX),
    height: bottom,
  }
}

interface Graph {
  readonly size: number
  readonly parents: readonly (readonly number[])[]
  readonly children: readonly (readonly number[])[]
}

function indexed(ids: readonly string[], edges: readonly Edge[]): Graph {
  const index = new Map(ids.map((id, at) => [id, at]))
  const parents: number[][] = ids.map(() => [])
  const children: number[][] = ids.map(() => [])
  for (const { from, to } of edges) {
    const [a, b] = [index.get(from), index.get(to)]
    if (a === undefined || b === undefined || a === b) continue
    children[a]?.push(b)
    parents[b]?.push(a)
  }
  return { size: ids.length, parents, children }
}

/** The longest way from a root; what is in a circle goes as far as the ways into it reach. */
function layersOf(graph: Graph): readonly number[] {
  const layers = new Array<number>(graph.size).fill(0)
  const done = new Set<number>()
  for (const node of inOrder(graph)) {
    done.add(node)
    const next = (layers[node] ?? 0) + 1
    for (const child of graph.children[node] ?? []) {
      if (!done.has(child)) layers[child] = Math.max(layers[child] ?? 0, next)
    }
  }
  return layers
}

/** Parents before children; a circle is cut at its first node. */
function inOrder({ size, parents, children }: Graph): ReadonlySet<number> {
  const missing = parents.map((list) => list.length)
  const order = new Set<number>()
  const ready = (node: number) => {
    missing[node] = (missing[node] ?? 0) - 1
    return missing[node] === 0
  }
  const follow = (first: number) => {
    const stack = [first]
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (order.has(node)) continue
      order.add(node)
      stack.push(...(children[node] ?? []).filter(ready))
    }
  }
  const everyone = Array.from({ length: size }, (_, node) => node)
  for (const root of everyone.filter((node) => missing[node] === 0)) follow(root)
  for (const node of everyone) follow(node)
  return order
}

function rowsOf(layers: readonly number[]): number[][] {
  const rows: number[][] = []
  layers.forEach((layer, node) => {
    while (rows.length <= layer) rows.push([])
    rows[layer]?.push(node)
  })
  return rows
}

/** Orders every layer by the mean place of its neighbours on one side (the barycentre). */
function arrange(rows: number[][], neighbours: Graph['parents'], down: boolean): void {
  const place = new Map<number, number>()
  const order = down ? rows.keys() : [...rows.keys()].reverse()
  for (const index of order) {
    const row = rows[index] ?? []
    const wish = new Map(
      row.map((node, at) => [node, mean(neighbours[node] ?? [], (one) => place.get(one)) ?? at]),
    )
    row.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0))
    row.forEach((node, at) => {
      // Places are from the middle, so that layers of different size compare.
      place.set(node, at - (row.length - 1) / 2)
    })
  }
}

/** Each layer in turn as near to its neighbours as its order allows, forth and back. */
function heights(rows: readonly number[][], { size, parents, children }: Graph): readonly number[] {
  const step = box.height + box.gapY
  const ys = new Array<number>(size).fill(0)
  for (const row of rows) {
    row.forEach((node, at) => {
      ys[node] = (at - (row.length - 1) / 2) * step
    })
  }
  for (const row of rows) settle(row, parents, ys, step)
  for (const row of rows.toReversed()) settle(row, children, ys, step)
  for (const row of rows) settle(row, parents, ys, step)
  return ys
}

/**
 * The best places in a given order: blocks that would overlap are joined and take the mean of their wishes
 * (pool adjacent violators), so the whole layer is settled in one pass.
 */
function settle(
  row: readonly number[],
  neighbours: Graph['parents'],
  ys: number[],
  step: number,
): void {
  const blocks: { sum: number; count: number }[] = []
  row.forEach((node, at) => {
    const wish = mean(neighbours[node] ?? [], (one) => ys[one]) ?? ys[node] ?? 0
    let block = { sum: wish - at * step, count: 1 }
    for (
      let last = blocks.at(-1);
      last && last.sum / last.count > block.sum / block.count;
      last = blocks.at(-1)
    ) {
      blocks.pop()
      block = { sum: last.sum + block.sum, count: last.count + block.count }
    }
    blocks.push(block)
  })
  let at = 0
  for (const { sum, count } of blocks) {
    for (let left = count; left > 0; left--, at++) ys[row[at] ?? 0] = sum / count + at * step
  }
}

function mean(
  nodes: readonly number[],
  value: (node: number) => number | undefined,
): number | undefined {
  let sum = 0
  let count = 0
  for (const node of nodes) {
    const one = value(node)
    if (one === undefined) continue
    sum += one
    count += 1
  }
  return count === 0 ? undefined : sum / count
}
