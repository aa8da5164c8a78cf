/**
 * What go-yaml v2 makes of a plain (unquoted) scalar: its own mix of YAML 1.1 and 1.2.
 * Integers that a JavaScript number cannot hold exactly stay text, so that no digit is lost.
 */
export function goScalar(text: string): null | boolean | number | string {
  const word = words.get(text)
  if (word !== undefined) return word
  if (!/^[-+.0-9]/.test(text)) return text
  if (text.startsWith('.')) return float(text) ?? text
  const plain = text.replaceAll('_', '')
  return integer(plain) ?? (isFloat.test(plain) ? float(plain) : undefined) ?? text
}

const isFloat = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/

const spelled = (word: string) => [word, word[0]?.toUpperCase() + word.slice(1), word.toUpperCase()]
const each = <T>(names: readonly string[], value: T) => names.map((name) => [name, value] as const)

const words: ReadonlyMap<string, null | boolean | number> = new Map<
  string,
  null | boolean | number
>([
  ...each(['', '~', ...spelled('null')], null),
  ...each(['y', 'Y', ...['yes', 'on', 'true'].flatMap(spelled)], true),
  ...each(['n', 'N', ...['no', 'off', 'false'].flatMap(spelled)], false),
  ...each(['.nan', '.NaN', '.NAN'], Number.NaN),
  ...each(['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'], Number.POSITIVE_INFINITY),
  ...each(['-.inf', '-.Inf', '-.INF'], Number.NEGATIVE_INFINITY),
])

/** The prefixes of Go's ParseInt with base 0; a bare leading zero means octal. */
const integerForm = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/
const maxUint64 = 2n ** 64n - 1n
const minInt64 = -(2n ** 63n)

function integer(plain: string): number | string | undefined {
  const value = bigInteger(plain)
  // Beyond 64 bits Go falls back to a float.
  if (value === undefined || value > maxUint64 || value < minInt64) return undefined
  // A plus sign is not part of an unsigned integer.
  if (plain.startsWith('+') && value >= 2n ** 63n) return undefined
  const near = Number(value)
  return String(near) === value.toString() ? near : value.toString()
}

function bigInteger(plain: string): bigint | undefined {
  const found = integerForm.exec(plain)
  if (!found) return undefined
  const [, sign, hex, binary, octal, decimal = '0'] = found
  const forms = [
    ['0x', hex],
    ['0b', binary],
    ['0o', octal],
  ] as const
  const [prefix, digits] = forms.find(([, some]) => some !== undefined) ?? ['', decimal]
  const size = BigInt(`${prefix}${digits}`)
  return sign === '-' ? -size : size
}

function float(text: string): number | undefined {
  if (!isFloat.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}
