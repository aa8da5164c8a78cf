import { type GoSignature, goFunction } from '../go-function.ts'
import {
  anyMap,
  anything,
  float,
  int,
  isNumber,
  isUnknown,
  list,
  type Nature,
  time,
} from './nature.ts'

/** Judges the natures of all arguments: the result's nature or an error text. */
type Validator = (args: readonly Nature[]) => Nature | string

const shown = (nature: Nature) => (nature.kind === 'nil' ? '%!s(<nil>)' : nature.type)
const isList = (nature: Nature) => nature.kind === 'list'

function one(
  accept: (nature: Nature) => boolean,
  result: (nature: Nature) => Nature,
  refuse: string,
): Validator {
  return (args) => {
    const [first] = args
    if (first === undefined || args.length !== 1)
      return `invalid number of arguments (expected 1, got ${args.length})`
    return isUnknown(first) || accept(first)
      ? result(first)
      : refuse.replace('%s', () => shown(first))
  }
}

const always = (nature: Nature) => () => nature
const number = (name: string, result: (nature: Nature) => Nature) =>
  one(isNumber, result, `invalid argument for ${name} (type %s)`)
const numeric = (name: string, result: Nature) =>
  one(
    (n) => isNumber(n) || /^(?:string|duration|enum)$/.test(n.kind),
    always(result),
    `invalid argument for ${name} (type %s)`,
  )
const aboutList = (verb: string, result: Nature) => one(isList, always(result), `cannot ${verb} %s`)
const aboutMap = (verb: string) => one((n) => n.kind === 'map', always(list), `cannot ${verb}`)

function aggregate(name: string): Validator {
  return (args) => {
    const [first] = args
    if (first === undefined) return `not enough arguments to call ${name}`
    for (const arg of args) {
      if (isUnknown(arg) || isList(arg)) return anything
      if (!isNumber(arg) && arg.kind !== 'duration')
        return `invalid argument for ${name} (type ${shown(arg)})`
    }
    return first
  }
}

// Upstream asks the Go type only, and []interface {} says nothing about its items.
const item = (nature: Nature) =>
  nature.type === '[]interface {}' ? anything : (nature.item ?? anything)

export const validators: Readonly<Record<string, Validator>> = {
  len: one(
    ({ kind }) => kind === 'list' || kind === 'map' || kind === 'string',
    always(int),
    'invalid argument for len (type %s)',
  ),
  abs: number('abs', (nature) => nature),
  ceil: number('ceil', always(float)),
  floor: number('floor', always(float)),
  round: number('round', always(float)),
  int: numeric('int', int),
  float: numeric('float', float),
  max: aggregate('max'),
  min: aggregate('min'),
  mean: aggregate('mean'),
  median: aggregate('median'),
  first: one(isList, item, 'cannot get first element from %s'),
  last: one(isList, item, 'cannot get last element from %s'),
  keys: aboutMap('get keys from %s'),
  values: aboutMap('get values from %s'),
  toPairs: aboutMap('transform %s to pairs'),
  fromPairs: one(isList, always(anyMap), 'cannot transform %s from pairs'),
  reverse: aboutList('reverse', list),
  uniq: aboutList('uniq', list),
  flatten: aboutList('flatten', list),
  concat: (args) => {
    if (args.length === 0) return 'invalid number of arguments (expected at least 1, got 0)'
    const bad = args.find((arg) => !isUnknown(arg) && !isList(arg))
    return bad ? `cannot concat ${shown(bad)}` : list
  },
  take: (args) => {
    const [from, count] = args
    if (from === undefined || count === undefined || args.length !== 2)
      return `invalid number of arguments (expected 2, got ${args.length})`
    if (!isUnknown(from) && !isList(from)) return `cannot take from ${shown(from)}`
    if (!isUnknown(count) && count.kind !== 'int') return `cannot take ${shown(count)} elements`
    return from
  },
  now: (args) => {
    const isZone = args.length === 1 && args[0]?.type === '*time.Location'
    return args.length === 0 || isZone
      ? time
      : `invalid number of arguments (expected 0, got ${args.length})`
  },
  date: (args) => {
    if (args.length === 0) return 'invalid number of arguments (expected at least 1, got 0)'
    const rest = args[0]?.type === '*time.Location' ? args.length - 1 : args.length
    return rest > 3 ? `invalid number of arguments (expected at most 3, got ${rest})` : time
  },
}

const signature = (text: string): GoSignature => {
  const { go } = goFunction(text, () => null)
  return go ?? { parameters: [], variadic: false, result: 'any' }
}

const signatures: Readonly<Record<string, readonly string[]>> = {
  type: ['any -> string'],
  string: ['any -> string'],
  trim: ['string -> string', 'string, string -> string'],
  trimPrefix: ['string, string -> string', 'string -> string'],
  trimSuffix: ['string, string -> string', 'string -> string'],
  upper: ['string -> string'],
  lower: ['string -> string'],
  split: ['string, string -> strings', 'string, string, int -> strings'],
  splitAfter: ['string, string -> strings', 'string, string, int -> strings'],
  replace: ['string, string, string, int -> string', 'string, string, string -> string'],
  repeat: ['string, int -> string'],
  join: [
    'strings, string -> string',
    'list, string -> string',
    'list -> string',
    'strings, string -> string',
    'strings -> string',
  ],
  indexOf: ['string, string -> int'],
  lastIndexOf: ['string, string -> int'],
  hasPrefix: ['string, string -> bool'],
  hasSuffix: ['string, string -> bool'],
  toJSON: ['any -> string'],
  fromJSON: ['string -> any'],
  toBase64: ['string -> string'],
  fromBase64: ['string -> string'],
  duration: ['string -> duration'],
  timezone: ['string -> location'],
  sort: [
    'list, string -> list',
    'ints, string -> list',
    'floats, string -> list',
    'strings, string -> list',
    'list -> list',
    'floats -> list',
    'strings -> list',
    'ints -> list',
  ],
  bitand: ['int, int -> int'],
  bitor: ['int, int -> int'],
  bitxor: ['int, int -> int'],
  bitnand: ['int, int -> int'],
  bitshl: ['int, int -> int'],
  bitshr: ['int, int -> int'],
  bitushr: ['int, int -> int'],
  bitnot: ['int -> int'],
}

export const overloads: Readonly<Record<string, readonly GoSignature[]>> = Object.fromEntries(
  Object.entries(signatures).map(([name, texts]) => [name, texts.map(signature)]),
)
