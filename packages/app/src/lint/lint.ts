import type { Finding } from '../input/finding.ts'
import { mentionsArgo } from '../input/mentions-argo.ts'
import { readSources } from '../input/sources.ts'
import { investigate } from '../input/understand.ts'
import type { Shell } from '../shell/shell.ts'
import type { LintReport } from './lint-report.ts'

export interface LintOptions {
  /** As upstream names them: plurals, or `all`. */
  readonly kinds: readonly string[]
  /** Unknown fields are mistakes. */
  readonly strict: boolean
}

const kindsByName: Readonly<Record<string, string>> = {
  workflows: 'Workflow',
  wf: 'Workflow',
  workflowtemplates: 'WorkflowTemplate',
  wftmpl: 'WorkflowTemplate',
  cronworkflows: 'CronWorkflow',
  cwf: 'CronWorkflow',
  cronwf: 'CronWorkflow',
  clusterworkflowtemplates: 'ClusterWorkflowTemplate',
  clusterwftmpl: 'ClusterWorkflowTemplate',
  cwft: 'ClusterWorkflowTemplate',
}

/** Reads files and folders, and finds everything that is wrong with Argo's objects in them. */
export async function lint(
  paths: readonly string[],
  options: LintOptions,
  input: Pick<Shell, 'stdin'>,
): Promise<LintReport> {
  const kinds = wantedKinds(options.kinds)
  const read = await readSources(paths, input, 'deep')
  const given = new Set(paths.map((path) => (path === '-' ? 'stdin' : path)))
  const sources = read.sources.filter((one) => given.has(one.file) || mentionsArgo(one.text))
  const overrides = { parameters: new Map(), entrypoint: undefined }
  const { findings, looked, passed } = investigate(sources, {
    ...{ overrides, stored: [], purpose: 'lint' },
  })
  const unread = read.problems.map((problem): Finding => {
    const [, file = '', line = 1, column = 1, message = ''] =
      /^(.*?)(?::(\d+):(\d+))?: (.*)$/s.exec(problem) ?? []
    return { rule: 'file', file, line: Number(line), column: Number(column), message }
  })
  const wanted = findings.filter(({ object }) => !object || kinds.has(object.kind))
  const texts = new Map(sources.map(({ file, text }) => [file, text]))
  return {
    findings: [...unread, ...inPlace(wanted.filter((one) => options.strict || !isLax(one)))],
    files: sources.length,
    looked: [...looked]
      .filter(([kind]) => kinds.has(kind))
      .reduce((sum, [, each]) => sum + each, 0),
    passed: [...passed, ...[...looked].filter(([kind]) => !kinds.has(kind))],
    textOf: (file) => texts.get(file) ?? '',
  }
}

function wantedKinds(names: readonly string[]): ReadonlySet<string> {
  if (names.length === 0 || names.includes('all')) return new Set(Object.values(kindsByName))
  return new Set(
    names.map((name) => {
      const kind = kindsByName[name.toLowerCase()]
      if (kind !== undefined) return kind
      const known = 'workflows, workflowtemplates, cronworkflows, clusterworkflowtemplates, all'
      throw new Error(`--kinds: unknown kind: ${name} (there are ${known})`)
    }),
  )
}

/** As one reads: file by file, from the top down. */
function inPlace(findings: readonly Finding[]): readonly Finding[] {
  const order = new Map(
    [...new Set(findings.map(({ file }) => file))].map((file, at) => [file, at]),
  )
  const at = ({ file }: Finding) => order.get(file) ?? 0
  return [...findings].sort((a, b) => at(a) - at(b) || a.line - b.line || a.column - b.column)
}

/** What upstream, too, lets pass with --strict=false: unknown fields, and keys that stand twice. */
function isLax({ rule, message }: Finding): boolean {
  if (rule === 'yaml') return message.endsWith('is already set in this mapping')
  return rule === 'schema' && message.startsWith('unknown field')
}
