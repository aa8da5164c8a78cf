import { goType } from '../go-value.ts'

const kinds: Readonly<Record<string, string>> = {
  '<nil>': 'invalid',
  '*time.Location': 'ptr',
  'time.Time': 'struct',
  'time.Duration': 'int64',
  'time.Month': 'int',
  'time.Weekday': 'int',
}

/** The reflect.Kind of a value. */
export function kindOf(value: unknown): string {
  const type = goType(value)
  if (type.startsWith('map')) return 'map'
  if (type.startsWith('[]')) return 'slice'
  return type.startsWith('func') ? 'func' : (kinds[type] ?? type)
}
