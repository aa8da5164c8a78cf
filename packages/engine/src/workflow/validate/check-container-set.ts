import { isObject, type Json, type JsonObject } from '../../spec/json.ts'
import { didYouMean } from '../../spec/parse/nearest.ts'
import { topology } from './graph.ts'
import { nameProblems } from './names.ts'
import { complain, type TemplateCheck } from './template-check.ts'

/** Names that the executor's own containers have. */
export function isReservedName(name: string): boolean {
  return name === 'wait' || name === 'supervisor' || name.startsWith('artifact-plugin-')
}

interface Node {
  readonly name: string
  readonly dependencies: readonly string[]
}

/** Several containers that run in one pod, in an order. */
export function checkContainerSet(of: TemplateCheck, set: JsonObject): void {
  const inside = '.containerSet.containers'
  const title = `${of.title}.containerSet`
  const nodes = list(set['containers']).map(nodeOf)
  if (nodes.length === 0) {
    complain(of, inside, `${title}.containers must have at least one container`)
    return
  }
  for (const { index, text } of nameProblems(nodes, 'field')) {
    complain(of, `${inside}[${index}]`, `${title}.containers${text}`)
  }
  checkMounts(of, list(set['volumeMounts']), title)
  checkDependencies(of, nodes)
  const { inputs, outputs } = of.template
  const carries =
    inputs?.artifacts?.length || outputs?.parameters?.length || outputs?.artifacts?.length
  if (carries && !nodes.some(({ name }) => name === 'main')) {
    complain(
      of,
      inside,
      `${title}.containers must have a container named "main" for input or output`,
    )
  }
  for (const [index, { name }] of nodes.entries()) {
    if (!isReservedName(name)) continue
    const text = `${title}.containers: "${name}" is a reserved Argo container name`
    complain(of, `${inside}[${index}].name`, text)
  }
}

const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])

function nodeOf(value: Json): Node {
  const container = isObject(value) ? value : {}
  const dependencies = list(container['dependencies']).map(String)
  return { name: String(container['name'] ?? ''), dependencies }
}

function checkMounts(of: TemplateCheck, mounts: readonly Json[], title: string): void {
  const taken = new Map<string, string>()
  for (const [index, mount] of mounts.entries()) {
    if (!isObject(mount)) continue
    const path = String(mount['mountPath'] ?? '')
    const inside = `volumeMounts[${index}].mountPath`
    const other = taken.get(path)
    if (other === undefined) taken.set(path, `volumeMounts.${mount['name']}`)
    else
      complain(
        of,
        `.containerSet.${inside}`,
        `${title}.${inside} '${path}' already mounted in ${other}`,
      )
  }
}

function checkDependencies(of: TemplateCheck, nodes: readonly Node[]): void {
  const title = `${of.title}.containerSet.containers`
  const names = nodes.map(({ name }) => name)
  for (const [index, { name, dependencies }] of nodes.entries()) {
    for (const [at, dependency] of dependencies.entries()) {
      if (names.includes(dependency)) continue
      const text = `${title}.${name} dependency '${dependency}' not defined`
      const inside = `.containerSet.containers[${index}].dependencies[${at}]`
      complain(of, inside, text + didYouMean(dependency, names))
    }
  }
  const { cycle } = topology(new Map(nodes.map(({ name, dependencies }) => [name, dependencies])))
  if (cycle) {
    const text = `${title} dependency cycle detected: ${cycle.join('->')}`
    complain(of, '.containerSet.containers', text)
  }
}
