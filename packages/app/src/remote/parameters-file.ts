import { goJson, isObject } from '@argosy/engine'
import { parseYaml } from '@argosy/kube'
import { readText } from '../input/read-text.ts'

/** `-p` and what the file of `-f` adds to it, all as `name=value`; what the command line says wins. */
export async function withParametersFile(
  given: readonly string[],
  file: string | undefined,
): Promise<readonly string[]> {
  if (file === undefined) return given
  const text = await readText(file).catch((error: Error) => {
    throw new Error(`--parameter-file ${file}: ${error.message}`)
  })
  const parsed = parseYaml(text)
  if ('problem' in parsed) throw new Error(`--parameter-file ${file}: ${parsed.problem}`)
  if (!isObject(parsed.value)) throw new Error(`--parameter-file ${file}: expected name: value`)
  const names = new Set(given.map((one) => one.split('=', 1)[0]))
  const more = Object.entries(parsed.value).flatMap(([name, value]) =>
    names.has(name) ? [] : [`${name}=${typeof value === 'string' ? value : goJson(value)}`],
  )
  return [...given, ...more]
}
