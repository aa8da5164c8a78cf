/** What Kubernetes says of a label value that is none. */
export const labelValueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"

const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/

export function isLabelValue(text: string): boolean {
  return text.length <= 63 && labelValue.test(text)
}

/** A label key: `name` or `prefix/name`. */
export function isQualifiedName(text: string): boolean {
  const [name = '', prefix, ...rest] = text.split('/').reverse()
  if (rest.length > 0) return false
  if (prefix !== undefined && !isSubdomain(prefix)) return false
  return name.length <= 63 && /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/.test(name)
}

/** An RFC 1123 subdomain. */
export function isSubdomain(text: string): boolean {
  return (
    text.length <= 253 &&
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text)
  )
}

const labelNameRule =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"

/** Why no object can have such a label, or annotation, by its name. */
export function labelNameProblem(name: string): string | undefined {
  return isQualifiedName(name) ? undefined : labelNameRule
}

/** Why a label cannot have such a value. argo: IsValidLabelValue. */
export function labelValueProblem(value: string): string | undefined {
  if (isLabelValue(value)) return undefined
  const problems = [
    ...(value.length > 63 ? ['must be no more than 63 bytes'] : []),
    ...(labelValue.test(value) ? [] : [labelValueRule]),
  ]
  return problems.join(';')
}
