import { type GoFunction, goFunction } from '../go-function.ts'
import { panic } from '../go-panic.ts'
import {
  compileRegexp,
  find,
  findAll,
  type GoRegexp,
  group,
  matches,
  replaceAll,
  replaceAllLiteral,
  split,
} from '../re2/regexp.ts'

/** Sprig's regular expressions; the plain and the `must` forms differ only in how they word a bad pattern. */
export const regexFunctions: Readonly<Record<string, GoFunction>> = {
  ...family('regex', (pattern, problem) =>
    panic(
      `regexp: Compile(${pattern.includes('`') ? JSON.stringify(pattern) : `\`${pattern}\``}): ${problem}`,
    ),
  ),
  ...family('mustRegex', (_pattern, problem) => panic(problem)),
  regexMatch: goFunction('string, string -> bool', (pattern: string, text: string) => {
    const regexp = compileRegexp(pattern)
    return 'error' in regexp ? false : matches(regexp, text)
  }),
  regexQuoteMeta: goFunction('string -> string', (text: string) =>
    text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&'),
  ),
}

function family(
  prefix: string,
  refuse: (pattern: string, problem: string) => never,
): Readonly<Record<string, GoFunction>> {
  const compiled = (pattern: string): GoRegexp => {
    const regexp = compileRegexp(pattern)
    return 'error' in regexp ? refuse(pattern, regexp.error) : regexp
  }
  return {
    [`${prefix}Match`]: goFunction('string, string -> bool', (pattern: string, text: string) =>
      matches(compiled(pattern), text),
    ),
    [`${prefix}Find`]: goFunction('string, string -> string', (pattern: string, text: string) => {
      const captures = find(compiled(pattern), text)
      return captures ? group(text, captures, 0) : ''
    }),
    [`${prefix}FindAll`]: goFunction(
      'string, string, int -> strings',
      (pattern: string, text: string, count: bigint) =>
        findAll(compiled(pattern), text, Number(count)).map((captures) => group(text, captures, 0)),
    ),
    [`${prefix}ReplaceAll`]: goFunction(
      'string, string, string -> string',
      (pattern: string, text: string, by: string) => replaceAll(compiled(pattern), text, by),
    ),
    [`${prefix}ReplaceAllLiteral`]: goFunction(
      'string, string, string -> string',
      (pattern: string, text: string, by: string) => replaceAllLiteral(compiled(pattern), text, by),
    ),
    [`${prefix}Split`]: goFunction(
      'string, string, int -> strings',
      (pattern: string, text: string, count: bigint) =>
        split(compiled(pattern), text, Number(count)),
    ),
  }
}
