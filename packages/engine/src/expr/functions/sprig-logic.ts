import { deepEqual } from '../expr-lang/operators.ts'
import { type GoFunction, goFunction } from '../go-function.ts'
import { base64, fromBase64, marshal, unmarshal } from '../go-json.ts'
import { GoPanic, panic } from '../go-panic.ts'
import { utf8 } from '../go-quote.ts'
import { goType } from '../go-value.ts'
import { fromBase32, toBase32 } from './base32.ts'
import { isEmpty } from './empty.ts'
import { kindOf } from './kind.ts'

const mustToJson = goFunction('any -> string', (value: unknown) => marshal(value))
const mustToPrettyJson = goFunction('any -> string', (value: unknown) =>
  marshal(value, { indent: '  ' }),
)
const toRawJson = goFunction('any -> string', (value: unknown) => marshal(value, { html: false }))

/** Sprig's functions about defaults, JSON, encodings and types. */
export const logicFunctions: Readonly<Record<string, GoFunction>> = {
  hello: goFunction('-> string', () => 'Hello!'),
  default: goFunction('any, ...any -> any', (otherwise: unknown, ...given: unknown[]) =>
    isEmpty(given[0]) ? otherwise : given[0],
  ),
  empty: goFunction('any -> bool', isEmpty),
  coalesce: goFunction(
    '...any -> any',
    (...values: unknown[]) => values.find((value) => !isEmpty(value)) ?? null,
  ),
  all: goFunction('...any -> bool', (...values: unknown[]) => !values.some(isEmpty)),
  any: goFunction('...any -> bool', (...values: unknown[]) =>
    values.some((value) => !isEmpty(value)),
  ),
  ternary: goFunction('any, any, bool -> any', (yes: unknown, no: unknown, which: boolean) =>
    which ? yes : no,
  ),
  fail: goFunction('string -> string', (message: string) => panic(message)),
  toJson: goFunction('any -> string', (value: unknown) => orEmpty(() => marshal(value))),
  mustToJson,
  toPrettyJson: goFunction('any -> string', (value: unknown) =>
    orEmpty(() => marshal(value, { indent: '  ' })),
  ),
  mustToPrettyJson,
  toRawJson,
  mustToRawJson: toRawJson,
  fromJson: goFunction('string -> any', (text: string) => {
    const value = orEmpty(() => unmarshal(text))
    return value === '' && text !== '""' ? null : value
  }),
  mustFromJson: goFunction('string -> any', unmarshal),
  b64enc: goFunction('string -> string', (text: string) => base64(utf8(text))),
  b64dec: goFunction('string -> string', (text: string) => decoded(fromBase64(text), 'base64')),
  b32enc: goFunction('string -> string', (text: string) => toBase32(utf8(text))),
  b32dec: goFunction('string -> string', (text: string) => decoded(fromBase32(text), 'base32')),
  typeOf: goFunction('any -> string', goType),
  typeIs: goFunction(
    'string, any -> bool',
    (type: string, value: unknown) => goType(value) === type,
  ),
  typeIsLike: goFunction('string, any -> bool', (type: string, value: unknown) => {
    const own = goType(value)
    return own === type || own === `*${type}`
  }),
  kindOf: goFunction('any -> string', kindOf),
  kindIs: goFunction(
    'string, any -> bool',
    (kind: string, value: unknown) => kindOf(value) === kind,
  ),
  deepEqual: goFunction('any, any -> bool', deepEqual),
}

// The functions without `must` in their name give nothing instead of an error.
function orEmpty(work: () => unknown): unknown {
  try {
    return work()
  } catch (mistake) {
    if (mistake instanceof GoPanic) return ''
    throw mistake
  }
}

function decoded(bytes: Uint8Array | number, name: string): string {
  if (typeof bytes === 'number') return `illegal ${name} data at input byte ${bytes}`
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}
