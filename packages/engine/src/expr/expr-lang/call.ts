import { GoDuration } from '../../spec/duration.ts'
import type { GoFunction, GoParameter } from '../go-function.ts'
import { panic } from '../go-panic.ts'
import { GoTime } from '../go-time/go-time.ts'
import { utc } from '../go-time/zone.ts'
import { goType, isNil } from '../go-value.ts'
import { weighed } from './weight.ts'

/** Calls a function of the environment as Go's reflection does: the arguments must fit its signature. */
export function callFunction(target: GoFunction, args: readonly unknown[]): unknown {
  const { go } = target
  if (!go) return target(...args) ?? null
  const { parameters, variadic } = go
  const fixed = variadic ? parameters.length - 1 : parameters.length
  if (variadic && args.length < fixed)
    panic(`invalid number of arguments: expected at least ${fixed}, got ${args.length}`)
  if (!variadic && args.length !== fixed)
    panic(`invalid number of arguments: expected ${fixed}, got ${args.length}`)
  const fitted = args.map((arg, index) =>
    fit(arg, parameters[Math.min(index, parameters.length - 1)] ?? 'any', index >= fixed),
  )
  return weighed(target(...fitted) ?? null)
}

function fit(arg: unknown, parameter: GoParameter, isRest: boolean): unknown {
  if (isNil(arg)) return zeros[parameter]
  if (parameter === 'any' || accepts(parameter, arg)) return arg
  const [given, wanted] = [goType(arg), typeNames[parameter]]
  return panic(
    isRest
      ? `reflect: cannot use ${given} as type ${wanted} in Call`
      : `reflect: Call using ${given} as type ${wanted}`,
  )
}

/** What a parameter that is a map becomes when it is given nil. */
export const nilMap: Readonly<Record<string, unknown>> = {}

const zeros: Readonly<Record<GoParameter, unknown>> = {
  any: null,
  string: '',
  bool: false,
  int: 0n,
  int64: 0n,
  float64: 0,
  list: [],
  strings: [],
  map: nilMap,
  time: new GoTime(-62_135_596_800_000_000_000n, utc),
  duration: new GoDuration(0n),
  location: null,
  ints: [],
  floats: [],
  month: 0n,
  weekday: 0n,
}

/** How Go writes the types of parameters. */
export const typeNames: Readonly<Record<GoParameter, string>> = {
  any: 'interface {}',
  string: 'string',
  bool: 'bool',
  int: 'int',
  int64: 'int64',
  float64: 'float64',
  list: '[]interface {}',
  strings: '[]string',
  map: 'map[string]interface {}',
  time: 'time.Time',
  duration: 'time.Duration',
  location: '*time.Location',
  ints: '[]int',
  floats: '[]float64',
  month: 'time.Month',
  weekday: 'time.Weekday',
}

function accepts(parameter: GoParameter, arg: unknown): boolean {
  const type = goType(arg)
  // Lists know no item types here, so a list of texts is as good as []string.
  if (parameter === 'strings')
    return Array.isArray(arg) && arg.every((item) => typeof item === 'string')
  return type === typeNames[parameter]
}
