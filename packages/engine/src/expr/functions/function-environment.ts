import { builtins } from '../expr-lang/builtins.ts'
import { goFunction } from '../go-function.ts'
import { marshal, unmarshal } from '../go-json.ts'
import { panic } from '../go-panic.ts'
import { queryJson } from '../jsonpath/query-json.ts'
import type { Impure } from './impure.ts'
import { sprigFunctions } from './sprig.ts'

const pureSprig = sprigFunctions(undefined)
const nowhere = { now: undefined, grow: () => undefined }

/** What upstream adds to the environment of every expression: asInt, asFloat, jsonpath, toJson and `sprig`. */
export function functionEnvironment(impure?: Impure): Record<string, unknown> {
  return {
    asInt: goFunction('any -> any', (value: unknown) => builtins['int']?.([value], nowhere)),
    asFloat: goFunction('any -> any', (value: unknown) => builtins['float']?.([value], nowhere)),
    jsonpath: goFunction('string, string -> any', jsonpath),
    toJson: goFunction('any -> string', (value: unknown) => marshal(value)),
    sprig: impure ? sprigFunctions(impure) : pureSprig,
  }
}

function jsonpath(json: string, path: string): unknown {
  const found = queryJson(path, unmarshal(json))
  return 'error' in found ? panic(found.error) : found.value
}
