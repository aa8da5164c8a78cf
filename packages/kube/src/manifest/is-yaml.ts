import { parseYaml } from './parse-yaml.ts'

/** Whether the first document of a text is YAML (or JSON) of any kind, an object or not. */
export function isYaml(text: string): boolean {
  return 'value' in parseYaml(text)
}
