import { JsonPathMistake, type ListNode, type Node } from './node.ts'

/** What brackets mean: a union, the name of a member, an index or a slice. */
export function parseArray(
  inside: string,
  parseAction: (text: string) => ListNode,
): readonly Node[] {
  const text = inside === '*' ? ':' : inside
  const parts = text.split(',')
  if (parts.length > 1) {
    const lists = parts.map((part) => parseAction(`[${part.replace(/^ +| +$/g, '')}]`))
    return [{ kind: 'union', lists }]
  }
  const [, name] = /^'([^']*)'$/.exec(text) ?? []
  if (name !== undefined) return parseAction(`.${name}`).nodes
  return [slice(text)]
}

function slice(text: string): Node {
  const found = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text)
  if (!found) throw new JsonPathMistake(`invalid array index ${text}`)
  const [, first = '', second, third] = found
  const from = bound(first)
  const derived = second === undefined
  return {
    kind: 'array',
    bounds: {
      from,
      to: derived ? (from ?? 0) + 1 : bound(second.slice(1)),
      derived,
      step: third === undefined ? undefined : bound(third.slice(1)),
    },
  }
}

function bound(text: string): number | undefined {
  if (text === '') return undefined
  if (text === '-') throw new JsonPathMistake(`array index ${text} is not a number`)
  return Number(text)
}
