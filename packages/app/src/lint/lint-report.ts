import { renderProblem } from '@argosy/kube'
import { type Finding, rules } from '../input/finding.ts'
import type { Paint } from '../output/paint.ts'

/** What was found, and in how much. */
export interface LintReport {
  readonly findings: readonly Finding[]
  readonly files: number
  /** How many objects were checked. */
  readonly looked: number
  /** Kinds that are not Argo's, or not asked for, and how many of each there were. */
  readonly passed: readonly (readonly [kind: string, count: number])[]
  textOf(file: string): string
}

export type LintFormat = 'pretty' | 'simple' | 'json' | 'sarif' | 'github'

/** As upstream: nothing to check is a failure too. */
export function hasPassed({ findings, looked }: LintReport): boolean {
  return findings.length === 0 && looked > 0
}

/** The report in the form that is asked for. */
export function lintText(report: LintReport, format: LintFormat, about: About): string {
  return formats[format](report, about)
}

interface About {
  readonly paint: Paint
  readonly version: string
}

type Format = (report: LintReport, about: About) => string

const formats: Readonly<Record<LintFormat, Format>> = {
  pretty: (report, { paint }) => {
    const files = [...new Set(report.findings.map(({ file }) => file))]
    const blocks = files.map((file) => {
      const own = report.findings.filter((one) => one.file === file)
      return `${paint.strong(`${file}:`)}\n${own.map((one) => pretty(one, report, paint)).join('')}\n`
    })
    return `${blocks.join('')}${passedOver(report, paint)}${paint.look(...summary(report))}\n`
  },
  simple: (report) => {
    const lines = report.findings.map(
      (one) => `${one.file}:${one.line}:${one.column}: ${named(one)} (${one.rule})\n`,
    )
    if (report.findings.length > 0) return lines.join('')
    return `${summary(report)[1].replace(/^\S+ /, '')}\n`
  },
  json: (report) => {
    const { findings, files, looked, passed } = report
    const value = {
      success: hasPassed(report),
      files,
      objects: looked,
      passedOver: Object.fromEntries(passed),
      findings,
    }
    return `${JSON.stringify(value, null, 2)}\n`
  },
  sarif: (report, { version }) => `${JSON.stringify(sarif(report, version), null, 2)}\n`,
  github: (report) => {
    const lines = report.findings.map((one) => {
      const place = `file=${property(one.file)},line=${one.line},col=${one.column}`
      return `::error ${place},title=${property(`argosy lint: ${one.rule}`)}::${data(named(one))}\n`
    })
    return `${lines.join('')}${summary(report)[1]}\n`
  },
}

function pretty(finding: Finding, report: LintReport, paint: Paint): string {
  const { file, line, column, expected, rule } = finding
  const [, ...source] = renderProblem(
    { ...{ file, line, column, message: '' }, ...(expected !== undefined && { expected }) },
    report.textOf(file),
  ).split('\n')
  const head = `   ${paint.sign('Failed')} ${file}:${line}:${column}: ${named(finding)} ${paint.faint(`(${rule})`)}\n`
  // Of what could not be read there is no line to show.
  if (rule === 'file') return head
  return head + source.map((one) => `      ${paint.faint(one)}\n`).join('')
}

function named({ object, message }: Finding): string {
  return object ? `in "${object.name}" (${object.kind}): ${message}` : message
}

function passedOver({ passed }: LintReport, paint: Paint): string {
  if (passed.length === 0) return ''
  const parts = passed.map(([kind, count]) => `${count} ${kind}`)
  return `${paint.faint(`passed over: ${parts.join(', ')}`)}\n`
}

/** Upstream's last line. */
function summary({ findings, looked }: LintReport): readonly ['Succeeded' | 'Failed', string] {
  if (findings.length > 0) return ['Failed', `✖ ${findings.length} linting errors found!`]
  if (looked > 0) return ['Succeeded', '✔ no linting errors found!']
  return ['Failed', '✖ found nothing to lint in the specified paths, failing...']
}

/** The form in which code scanners take reports. */
function sarif({ findings }: LintReport, version: string): object {
  const driver = {
    ...{ name: 'argosy lint', version },
    rules: Object.entries(rules).map(([id, text]) => ({ id, shortDescription: { text } })),
  }
  const results = findings.map((one) => ({
    ...{ ruleId: one.rule, level: 'error', message: { text: named(one) } },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(one.file) },
          region: { startLine: one.line, startColumn: one.column },
        },
      },
    ],
  }))
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }],
  }
}

function uriOf(file: string): string {
  const path = file.replaceAll('\\', '/').replace(/^\.\//, '')
  const uri = encodeURI(path).replaceAll('#', '%23').replaceAll('?', '%3F')
  return path.startsWith('/') ? `file://${uri}` : uri
}

/** GitHub's escapes of workflow commands. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
