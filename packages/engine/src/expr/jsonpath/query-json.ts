import { stepsOf } from './parse-step.ts'
import { PathMistake, type PathStep } from './path.ts'
import { Walk } from './walk.ts'

/**
 * The dialect of the expression function `jsonpath()`: `$.a[0]`, as evilmonkeyinc/jsonpath v0.8.1
 * reads it. A name or an index leads to one value or refuses; anything else gives a list.
 */
export function queryJson(
  path: string,
  root: unknown,
): { readonly value: unknown } | { readonly error: string } {
  try {
    return { value: new Walk(root).from(root, read(path)) }
  } catch (mistake) {
    if (mistake instanceof PathMistake) return { error: mistake.message }
    if (mistake instanceof RangeError)
      return { error: `the path leads too far: ${mistake.message}` }
    throw mistake
  }
}

function read(path: string): readonly PathStep[] {
  try {
    return stepsOf(path)
  } catch (mistake) {
    if (!(mistake instanceof PathMistake)) throw mistake
    throw new PathMistake(`invalid JSONPath selector '${path}' ${mistake.message}`)
  }
}
