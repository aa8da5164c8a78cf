import type { Check } from './check.ts'
import type { Scope } from './variable-scope.ts'

/**
 * The variables that an expression surely needs and that do not exist. Upstream never looks into
 * expression tags, so this is for lint only; whatever may be guarded (`??`, `?.`, `in`) is let through.
 */
export function checkExpression(
  source: string,
  check: Check,
  scope: Scope,
  report: (name: string, candidates: string[]) => void,
): void {
  if (check.mode !== 'lint' || /\?\?|\?\.|\bin\b|\blet\b|#/.test(source)) return
  const known = [...scope.keys(), ...check.globals.keys()]
  const code = source.replaceAll(/\\"/g, '"')
  for (const [, root = '', name = '', quoted] of code.matchAll(member)) {
    const variable = `${root}.${quoted ?? name}`
    const isThere = known.some((each) => each === variable || each.startsWith(`${variable}.`))
    if (!isThere)
      report(
        variable,
        known.filter((each) => each.startsWith(`${root}.`)),
      )
  }
}

/** `inputs.parameters.x`, `steps['x']`: the roots whose members are all declared in the manifest. */
const member =
  /(?<![\w.'"\]])(inputs\.parameters|inputs\.artifacts|workflow\.parameters|steps|tasks)(?:\.([A-Za-z_]\w*)|\[['"]([^'"]+)['"]\])/g
