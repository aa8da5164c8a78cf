import { withoutPlaceholders } from './check.ts'

/** A step or task that was written without a name: it has an empty one. */
export function named<T extends { readonly name: string }>(item: T): T {
  const { name } = item as { readonly name?: string }
  return name === undefined ? { ...item, name: '' } : item
}

/** What is wrong with one name of a list. */
export interface NameProblem {
  readonly index: number
  /** As upstream writes it: `[2].name 'x' is not unique`. */
  readonly text: string
}

/** Names of templates, steps and tasks are `field`s; parameters and artifacts may have underscores too. */
export type NameKind = 'field' | 'value'

/** Names that are missing, malformed or taken. */
export function nameProblems(
  items: readonly { readonly name?: string }[] | undefined,
  kind: NameKind,
): NameProblem[] {
  const problems: NameProblem[] = []
  const taken = new Set<string>()
  for (const [index, { name = '' }] of (items ?? []).entries()) {
    const wrong = name === '' ? [] : malformed(name, kind)
    if (name === '') {
      problems.push({ index, text: `[${index}].name is required` })
    } else if (wrong.length > 0) {
      problems.push({ index, text: `[${index}].name: '${name}' is invalid: ${wrong.join(';')}` })
    } else if (taken.has(name)) {
      problems.push({ index, text: `[${index}].name '${name}' is not unique` })
    }
    taken.add(name)
  }
  return problems
}

/** Why a name is not one. */
export function malformed(name: string, kind: NameKind): string[] {
  if (kind === 'value') return /^[-a-zA-Z0-9_]+$/.test(name) ? [] : [valueNameRule]
  const problems: string[] = []
  if (name.length > 128) problems.push('must be no more than 128 characters')
  if (!/^[a-zA-Z0-9][-a-zA-Z0-9]*$/.test(name)) problems.push(fieldNameRule)
  return problems
}

/** The same for a step's name, parts of which may only be known at run time. */
export function malformedStepName(name: string): string[] {
  return malformed(withoutPlaceholders(name), 'field')
}

const valueNameRule =
  "Parameter/Artifact name must consist of alpha-numeric characters, '_' or '-' e.g. my_param_1, MY-PARAM-1"
const fieldNameRule =
  "name must consist of alpha-numeric characters or '-', and must start with an alpha-numeric character (e.g. My-name1-2, 123-NAME)"

/** Whether a text holds a `{{parameter}}`. */
export function isParameter(text: string): boolean {
  return /\{\{[-a-zA-Z0-9]+(\.[-a-zA-Z0-9_]+)*\}\}/.test(text)
}
