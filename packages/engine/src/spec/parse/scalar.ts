import { formatFloat } from '../../expr/go-float.ts'
import { isObject, type Json } from '../json.ts'

/** How one scalar type reads a JSON value. */
export interface ScalarType {
  /** Completes the sentence "expected …". */
  readonly expected: string
  /** The normalised value; undefined if it is not of this type. */
  read(value: Json): Json | undefined
  /** Why a value that looks right is refused all the same. */
  because?(value: Json): string | undefined
}

/** The scalar types of Argo's and Kubernetes' fields. `json` is any value at all. */
export const scalarTypes = {
  json: { expected: 'anything', read: (value) => value },
  string: { expected: 'a string', read: only('string'), because: quotesMissing },
  bool: { expected: 'true or false', read: only('boolean'), because: quotesTooMany },
  number: { expected: 'a number', read: only('number') },
  int32: integer(2 ** 31, '32'),
  int64: integer(2 ** 63, '64'),
  intOrString: {
    expected: 'an integer or a string',
    read: (value) => (typeof value === 'string' ? value : readInteger(value, 2 ** 31)),
  },
  anyString: { expected: 'a string, a number or a boolean', read: anyString },
  quantity: { expected: 'a quantity such as 500m or 2Gi', read: readQuantity },
  time: { expected: 'a time such as 2030-01-31T12:00:00Z', read: only('string') },
  plugin: {
    expected: 'an object with the name of one plugin',
    read: (value) => (isObject(value) && Object.keys(value).length === 1 ? value : undefined),
    // argo: the plugin's own decoder refuses anything else.
    because: (value) =>
      isObject(value) ? `expected exactly one key, got ${Object.keys(value).length}` : undefined,
  },
} as const satisfies Record<string, ScalarType>

/** What a value is, in the words of messages. */
export function describe(value: Json): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'boolean') return `a boolean (${value})`
  return typeof value === 'number' ? `a number (${value})` : 'a string'
}

function only(type: 'string' | 'boolean' | 'number') {
  return (value: Json) => (typeof value === type ? value : undefined)
}

function quotesMissing(value: Json): string | undefined {
  if (typeof value !== 'number' && typeof value !== 'boolean') return undefined
  return `expected a string, got ${describe(value)}; put it in quotes`
}

function quotesTooMany(value: Json): string | undefined {
  if (value !== 'true' && value !== 'false') return undefined
  return 'expected true or false, got a string; write it without quotes'
}

function integer(limit: number, bits: string): ScalarType {
  return {
    expected: 'an integer',
    read: (value) => readInteger(value, limit),
    because: (value) => {
      if (asInteger(value) !== undefined)
        return `${value} is out of range for a ${bits}-bit integer`
      return /^-?\d+$/.test(String(value))
        ? 'expected an integer, got a string; write it without quotes'
        : undefined
    },
  }
}

function readInteger(value: Json, limit: number): number | undefined {
  const found = asInteger(value)
  return found !== undefined && found >= -limit && found < limit ? found : undefined
}

/** Manifests keep integers that a number cannot hold as their digits. */
function asInteger(value: Json): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined
  if (typeof value !== 'string' || !/^-?\d{16,}$/.test(value)) return undefined
  return Number.isSafeInteger(Number(value)) ? undefined : Number(value)
}

function anyString(value: Json): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return formatFloat(value, 'f', -1)
  return typeof value === 'boolean' ? String(value) : undefined
}

const quantity = /^[+-]?(\d+(\.\d*)?|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/

function readQuantity(value: Json): Json | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'string' && quantity.test(value.trim()) ? value : undefined
}
