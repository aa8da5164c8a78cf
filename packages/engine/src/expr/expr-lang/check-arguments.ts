import type { GoSignature } from '../go-function.ts'
import type { Node } from './ast.ts'
import { assignable, isUnknown, type Nature, natureOfParameter } from './nature.ts'
import { ExprMistake, type Location } from './source-error.ts'

/** A call that is being checked. */
export interface Calling {
  readonly name: string
  readonly at: Location
  readonly args: readonly Node[]
}

/** The nature of the result, or why the arguments do not fit the signature. */
export function checkArguments(
  { name, at, args }: Calling,
  signature: GoSignature,
  visit: (node: Node) => Nature,
): Nature | ExprMistake {
  const natures = args.map(visit)
  const { parameters, variadic, result } = signature
  const fewest = variadic ? parameters.length - 1 : parameters.length
  if (!variadic && args.length > parameters.length)
    return new ExprMistake(at, `too many arguments to call ${name}`)
  if (args.length < fewest) return new ExprMistake(at, `not enough arguments to call ${name}`)
  for (const [index, arg] of args.entries()) {
    const nature = natures[index]
    const parameter = parameters[Math.min(index, parameters.length - 1)]
    if (nature === undefined || parameter === undefined) continue
    const problem = unfit(nature, natureOfParameter(parameter), name)
    if (problem !== undefined) return new ExprMistake(arg.at, problem)
  }
  return natureOfParameter(result)
}

function unfit(nature: Nature, wanted: Nature, name: string): string | undefined {
  if (nature.kind === 'nil')
    return isUnknown(wanted)
      ? undefined
      : `cannot use nil as argument (type ${wanted.type}) to call ${name}`
  const bothInts = nature.kind === 'int' && (wanted.kind === 'int' || wanted.kind === 'float')
  if (isUnknown(nature) || bothInts || assignable(nature, wanted)) return undefined
  // argo users see upstream's trailing space.
  return `cannot use ${nature.type} as argument (type ${wanted.type}) to call ${name} `
}
