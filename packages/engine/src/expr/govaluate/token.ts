import type { GoRegexp } from '../re2/regexp.ts'

export type TokenKind =
  | 'UNKNOWN'
  | 'PREFIX'
  | 'NUMERIC'
  | 'BOOLEAN'
  | 'STRING'
  | 'PATTERN'
  | 'TIME'
  | 'VARIABLE'
  | 'SEPARATOR'
  | 'ACCESSOR'
  | 'COMPARATOR'
  | 'LOGICALOP'
  | 'MODIFIER'
  | 'CLAUSE'
  | 'CLAUSE_CLOSE'
  | 'TERNARY'

export interface Token {
  readonly kind: TokenKind
  readonly text: string
  readonly value: string | number | boolean | GoRegexp
}

/** A mistake in an expression; thrown inside this room only. */
export class GovaluateMistake extends Error {}

const operand = [
  'PREFIX',
  'NUMERIC',
  'BOOLEAN',
  'VARIABLE',
  'ACCESSOR',
  'STRING',
  'TIME',
  'CLAUSE',
] as const
const operator = ['MODIFIER', 'COMPARATOR', 'LOGICALOP', 'CLAUSE_CLOSE', 'SEPARATOR'] as const

/** Which kinds may follow a kind, and whether the expression may end there. */
export const grammar: Readonly<
  Record<TokenKind, { readonly next: readonly TokenKind[]; readonly mayEnd: boolean }>
> = {
  UNKNOWN: { next: [...operand, 'PATTERN'], mayEnd: false },
  CLAUSE: { next: [...operand, 'PATTERN', 'CLAUSE_CLOSE'], mayEnd: false },
  CLAUSE_CLOSE: {
    next: [
      ...operator,
      'TERNARY',
      'NUMERIC',
      'BOOLEAN',
      'VARIABLE',
      'STRING',
      'PATTERN',
      'TIME',
      'CLAUSE',
    ],
    mayEnd: true,
  },
  NUMERIC: { next: [...operator, 'TERNARY'], mayEnd: true },
  BOOLEAN: { next: [...operator, 'TERNARY'], mayEnd: true },
  STRING: { next: [...operator, 'TERNARY'], mayEnd: true },
  TIME: { next: operator, mayEnd: true },
  PATTERN: { next: operator, mayEnd: true },
  VARIABLE: { next: [...operator, 'TERNARY'], mayEnd: true },
  ACCESSOR: { next: [...operator, 'TERNARY', 'CLAUSE'], mayEnd: true },
  MODIFIER: {
    next: [
      'PREFIX',
      'NUMERIC',
      'VARIABLE',
      'ACCESSOR',
      'STRING',
      'BOOLEAN',
      'CLAUSE',
      'CLAUSE_CLOSE',
    ],
    mayEnd: false,
  },
  COMPARATOR: { next: [...operand, 'CLAUSE_CLOSE', 'PATTERN'], mayEnd: false },
  LOGICALOP: { next: [...operand, 'CLAUSE_CLOSE'], mayEnd: false },
  PREFIX: {
    next: ['NUMERIC', 'BOOLEAN', 'VARIABLE', 'ACCESSOR', 'CLAUSE', 'CLAUSE_CLOSE'],
    mayEnd: false,
  },
  TERNARY: { next: [...operand, 'SEPARATOR'], mayEnd: false },
  SEPARATOR: { next: operand, mayEnd: false },
}
