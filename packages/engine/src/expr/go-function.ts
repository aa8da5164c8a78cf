/** The Go types that parameters of functions in expressions have. */
export type GoParameter =
  | 'any'
  | 'string'
  | 'bool'
  | 'int'
  | 'int64'
  | 'float64'
  | 'list'
  | 'strings'
  | 'map'
  | 'time'
  | 'duration'
  | 'location'
  | 'ints'
  | 'floats'
  | 'month'
  | 'weekday'

export interface GoSignature {
  readonly parameters: readonly GoParameter[]
  /** The last parameter may be given any number of times. */
  readonly variadic: boolean
  readonly result: GoParameter
}

/** A function that expressions may call; `go` makes the call as strict as Go's reflection is. */
export interface GoFunction {
  (...args: readonly unknown[]): unknown
  readonly go?: GoSignature
}

/** Attaches a signature such as `string, ...any -> string`. */
export function goFunction(signature: string, run: (...args: never[]) => unknown): GoFunction {
  const [left = '', result = 'any'] = signature.split('->').map((part) => part.trim())
  const parameters = left === '' ? [] : left.split(',').map((part) => part.trim())
  const go: GoSignature = {
    parameters: parameters.map((name) => name.replace('...', '') as GoParameter),
    variadic: left.includes('...'),
    result: result as GoParameter,
  }
  // The signature was checked before the call, so the arguments have the types that `run` declares.
  return Object.assign((...args: readonly unknown[]) => run(...(args as never[])), { go })
}
