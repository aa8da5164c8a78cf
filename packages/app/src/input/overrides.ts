import type { Parameter, Workflow } from '@argosy/engine'

/** What the command line says about every Workflow. */
export interface Overrides {
  readonly parameters: ReadonlyMap<string, string>
  readonly entrypoint: string | undefined
}

/** Parameters of `-p name=value`; what is not of that form comes back as a problem. */
export function parseParameters(texts: readonly string[]): {
  readonly parameters: ReadonlyMap<string, string>
  readonly problems: readonly string[]
} {
  const parameters = new Map<string, string>()
  const problems: string[] = []
  for (const text of texts) {
    const at = text.indexOf('=')
    if (at <= 0) problems.push(`-p ${text}: expected name=value`)
    else parameters.set(text.slice(0, at), text.slice(at + 1))
  }
  return { parameters, problems }
}

/** As `argo submit` does it: a parameter of that name gets the value, others are added. */
export function override(workflow: Workflow, { parameters, entrypoint }: Overrides): Workflow {
  if (parameters.size === 0 && entrypoint === undefined) return workflow
  const { spec } = workflow
  const own = (spec.arguments?.parameters ?? []).filter(({ name }) => !parameters.has(name))
  const given = [...parameters].map(([name, value]): Parameter => ({ name, value }))
  return {
    ...workflow,
    spec: {
      ...spec,
      ...(entrypoint !== undefined && { entrypoint }),
      ...(parameters.size > 0 && {
        arguments: { ...spec.arguments, parameters: [...given, ...own] },
      }),
    },
  }
}
