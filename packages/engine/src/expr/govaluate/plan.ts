import { GovaluateMistake, type Token, type TokenKind } from './token.ts'

type StageKind = 'operator' | 'prefix' | 'literal' | 'parameter' | 'accessor' | 'noop'

/** One step of evaluation; what it does may be swapped with another step's, its place may not. */
export interface Stage {
  kind: StageKind
  symbol: string
  value: unknown
  left: Stage | undefined
  right: Stage | undefined
}

interface Level {
  readonly kind: TokenKind
  readonly symbols: ReadonlySet<string>
}

const level = (kind: TokenKind, ...symbols: string[]): Level => ({
  kind,
  symbols: new Set(symbols),
})

/** Loosest first. */
const levels: readonly Level[] = [
  level('SEPARATOR', ','),
  level('TERNARY', '?', ':', '??'),
  level('LOGICALOP', '||'),
  level('LOGICALOP', '&&'),
  level('COMPARATOR', '==', '!=', '>', '>=', '<', '<=', '=~', '!~', 'in'),
  level('MODIFIER', '^', '&', '|'),
  level('MODIFIER', '>>', '<<'),
  level('MODIFIER', '+', '-'),
  level('MODIFIER', '*', '/', '%'),
  level('MODIFIER', '**'),
]

/** Arranges tokens in stages as govaluate does; throws GovaluateMistake. */
export function plan(tokens: readonly Token[]): Stage | undefined {
  const stage = planLevel({ tokens, at: 0 }, 0)
  if (stage) reorder(stage)
  return stage
}

interface Stream {
  readonly tokens: readonly Token[]
  at: number
}

function planLevel(stream: Stream, depth: number): Stage | undefined {
  const current = levels[depth]
  if (current === undefined) return planValue(stream)
  const left = planLevel(stream, depth + 1)
  const token = stream.tokens[stream.at]
  if (token === undefined || token.kind !== current.kind || !current.symbols.has(token.text))
    return left
  stream.at++
  const right = planLevel(stream, depth)
  return { kind: 'operator', symbol: token.text, value: undefined, left, right }
}

function planValue(stream: Stream): Stage | undefined {
  const token = stream.tokens[stream.at++]
  if (token === undefined) return undefined
  switch (token.kind) {
    case 'CLAUSE': {
      const right = planLevel(stream, 0)
      stream.at++
      return { kind: 'noop', symbol: '', value: undefined, left: undefined, right }
    }
    case 'CLAUSE_CLOSE':
      stream.at--
      return undefined
    case 'PREFIX':
      return { ...leaf('prefix', token), right: planValue(stream) }
    case 'VARIABLE':
      return leaf('parameter', token)
    case 'ACCESSOR':
      return planAccessor(stream, token)
    case 'NUMERIC':
    case 'STRING':
    case 'PATTERN':
    case 'BOOLEAN':
    case 'TIME':
      return leaf('literal', token)
    default:
      throw new GovaluateMistake(
        `Unable to plan token kind: '${token.kind}', value: '${token.text}'`,
      )
  }
}

function leaf(kind: StageKind, token: Token): Stage {
  const symbol = kind === 'prefix' ? token.text : ''
  return { kind, symbol, value: token.value, left: undefined, right: undefined }
}

function planAccessor(stream: Stream, token: Token): Stage {
  const stage = leaf('accessor', token)
  if (stream.tokens[stream.at]?.kind === 'CLAUSE') stage.right = planLevel(stream, 0)
  return stage
}

function precedence(stage: Stage): number {
  if (stage.kind !== 'operator') return -kindRank[stage.kind]
  return levels.findIndex(({ symbols }) => symbols.has(stage.symbol))
}

const kindRank = { operator: 0, noop: 1, literal: 2, parameter: 2, accessor: 3, prefix: 4 } as const

// Operators of one level were nested to the right; turning each run around makes them associate to the left.
function reorder(root: Stage): void {
  let run: Stage[] = []
  let level = precedence(root)
  for (let stage: Stage | undefined = root; stage !== undefined; ) {
    const next: Stage | undefined = stage.right
    if (stage.left) reorder(stage.left)
    const own = precedence(stage)
    if (own !== level) {
      if (run.length > 1) mirror(run)
      run = []
      level = own
    }
    run.push(stage)
    stage = next
  }
  if (run.length > 1) mirror(run)
}

function mirror(run: readonly Stage[]): void {
  const operands: (Stage | undefined)[] = run.map((stage) => stage.left)
  const whats = run.map(({ kind, symbol, value }) => ({ kind, symbol, value })).reverse()
  const root = run[0]
  const last = run[run.length - 1]
  if (root === undefined || last === undefined) return
  operands.push(last.right)
  // The root becomes the last operation; below it, on the left, the earlier ones.
  for (const [index, stage] of run.entries()) {
    Object.assign(stage, whats[index])
    stage.left = run[index + 1] ?? operands[0]
    stage.right = operands[run.length - index]
  }
}
