import { isObject, type Json, type JsonObject } from '../../spec/json.ts'
import type { Finding } from './finding.ts'

/** Names, help texts and values of a template's metrics. */
export function metricFindings(metrics: JsonObject | undefined, title: string): Finding[] {
  const list = metrics?.['prometheus']
  if (!Array.isArray(list)) return []
  return list.flatMap((metric: Json, index) =>
    isObject(metric) ? findings(metric, `.metrics.prometheus[${index}]`, title) : [],
  )
}

function findings(metric: JsonObject, inside: string, title: string): Finding[] {
  const found: Finding[] = []
  const name = String(metric['name'] ?? '')
  if (!isMetricName(name)) {
    const rule = "Metric names must contain alphanumeric characters or '_'"
    found.push([`${inside}.name`, `${title} metric name '${name}' is invalid. ${rule}`])
  }
  const labels = Array.isArray(metric['labels']) ? metric['labels'] : []
  for (const [index, label] of labels.entries()) {
    const key = isObject(label) ? String(label['key'] ?? '') : ''
    if (isMetricName(key)) continue
    const rule = "keys may only contain alphanumeric characters or '_'"
    found.push([`${inside}.labels[${index}]`, `metric label '${key}' is invalid: ${rule}`])
  }
  if (!metric['help']) {
    found.push([
      inside,
      `${title} metric '${name}' must contain a help string under 'help: ' field`,
    ])
  }
  const wrong = valueProblem(metric)
  if (wrong) found.push([inside + wrong[0], `${title} metric '${name}' error: ${wrong[1]}`])
  return found
}

const isMetricName = (name: string) => /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)

function valueProblem(metric: JsonObject): Finding | undefined {
  for (const kind of ['gauge', 'counter', 'histogram']) {
    const body = metric[kind]
    if (!isObject(body)) continue
    if (!body['value']) return [`.${kind}`, `missing ${kind}.value`]
    if (body['realtime'] === true && String(body['value']).includes('resourcesDuration.')) {
      return [`.${kind}.value`, "'resourcesDuration.*' metrics cannot be used in real-time"]
    }
  }
  return undefined
}
