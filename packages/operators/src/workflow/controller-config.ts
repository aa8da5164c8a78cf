import { isObject, type Json } from '@argosy/engine'
import { parseYaml } from '@argosy/kube'

/** What of upstream's `workflow-controller-configmap` is heeded here. */
export interface ControllerConfig {
  readonly parallelism?: number
  readonly namespaceParallelism?: number
}

export const controllerConfigName = 'workflow-controller-configmap'

/** Keys that somebody else reads. */
const readElsewhere: ReadonlySet<string> = new Set([
  'artifactRepository',
  ...['columns', 'links', 'navColor', 'persistence', 'instanceID'],
])

/** Reads the ConfigMap's data: a key each, or all of them below `config`. A warning is a line for the log. */
export function readControllerConfig(data: Readonly<Record<string, string>> | undefined): {
  readonly config: ControllerConfig
  readonly warnings: readonly string[]
  /** '': there is none. */
  readonly instanceID: string
} {
  const warnings: string[] = []
  const config: Record<string, number> = {}
  const entries = entriesOf(data ?? {}, warnings)
  for (const [key, value] of entries) {
    if (readElsewhere.has(key)) continue
    if (!known.has(key)) warnings.push(`${controllerConfigName}: "${key}" has no effect here`)
    else if (typeof value === 'number' && Number.isInteger(value) && value >= 0) config[key] = value
    else warnings.push(`${controllerConfigName}: "${key}" must be a whole number, 0 for no limit`)
  }
  return { config, warnings, instanceID: instanceIn(entries) }
}

/** The last one counts. */
function instanceIn(entries: readonly (readonly [string, Json | undefined])[]): string {
  const value = entries.findLast(([key]) => key === 'instanceID')?.[1]
  return typeof value === 'string' ? value : ''
}

const known: ReadonlySet<string> = new Set(['parallelism', 'namespaceParallelism'])

function entriesOf(
  { config, ...own }: Readonly<Record<string, string>>,
  warnings: string[],
): readonly (readonly [string, Json | undefined])[] {
  const parsed = (key: string, text: string): Json | undefined => {
    const read = parseYaml(text)
    if ('value' in read) return read.value
    warnings.push(`${controllerConfigName}: "${key}" is not YAML: ${read.problem}`)
    return undefined
  }
  const whole = config === undefined ? undefined : parsed('config', config)
  const below = isObject(whole) ? Object.entries(whole) : []
  return [...below, ...Object.entries(own).map(([key, text]) => [key, parsed(key, text)] as const)]
}
