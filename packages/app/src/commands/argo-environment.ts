import type { Command, Option } from 'commander'

type Environment = Readonly<Record<string, string | undefined>>

/** `argo server` takes each flag from the environment too, where it is not said: ARGO_BASE_HREF is --base-href. argo: viper. */
export function fromArgoEnvironment(command: Command, environment: Environment): void {
  for (const option of command.options) {
    const name = variableOf(option)
    const text = environment[name]
    const source = command.getOptionValueSource(option.attributeName())
    const isSaid = source !== undefined && source !== 'default'
    if (isSaid || option.negate || !text || ours.has(name)) continue
    const before = command.getOptionValue(option.attributeName())
    const value = valueIn(option, { name, text, before })
    command.setOptionValueWithSource(option.attributeName(), value, 'env')
  }
}

/** What upstream has no flag for, or has another one. */
const ours: ReadonlySet<string> = new Set(
  [
    ...['DATA_DIR', 'HOST', 'PORT', 'HTTP_PORT', 'METRICS_PORT', 'ARCHIVE', 'RUNTIME'],
    ...['CONTROLLERS', 'MAX_PODS', 'NODE', 'ARTIFACTS_DIR', 'IMAGES'],
  ].map((name) => `ARGO_${name}`),
)

function variableOf(option: Option): string {
  return `ARGO_${(option.long ?? '').slice(2).replaceAll('-', '_').toUpperCase()}`
}

interface Given {
  readonly name: string
  readonly text: string
  readonly before: unknown
}

function valueIn(option: Option, { name, text, before }: Given): unknown {
  if (option.isBoolean()) {
    const flag = flags.get(text.toLowerCase())
    if (flag === undefined) throw new Error(`${name}=${text}: expected true or false`)
    return flag
  }
  try {
    return option.parseArg ? option.parseArg(text, before) : text
  } catch (error) {
    throw new Error(`${name}=${text}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Go's ParseBool. */
const flags: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'true'].map((text) => [text, true] as const),
  ...['0', 'f', 'false'].map((text) => [text, false] as const),
])
