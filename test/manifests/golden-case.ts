import { parseManifests } from '../../packages/kube/src/manifest/parse-manifests.ts'
import { read, validate, worldOf } from './read.ts'

/** A broken manifest and what is to be said of it, a line for each problem. */
export interface GoldenCase {
  readonly name: string
  readonly mode: 'submit' | 'lint'
  readonly text: string
  readonly want: readonly string[]
}

/** `== name [mode]`, the manifest, and after a line `->` the problems. */
export function goldenCases(file: string): GoldenCase[] {
  return file
    .split(/^== /m)
    .slice(1)
    .map((part) => {
      const [, title = '', mode, text = '', want = ''] =
        /^(.*?)(?: \[(lint)\])?\n([\s\S]*?)(?:^->\n([\s\S]*))?$(?![\s\S])/m.exec(part) ?? []
      return {
        name: title,
        mode: mode === 'lint' ? 'lint' : 'submit',
        text,
        want: want.split('\n').filter((line) => line !== ''),
      }
    })
}

/** `line:column path: message` for everything that is wrong, in the order in which it is found. */
export function report({ text, mode }: Pick<GoldenCase, 'text' | 'mode'>): string[] {
  const { documents, problems } = parseManifests(text, 'case.yaml')
  const objects = documents.flatMap((document) => read(document) ?? [])
  const world = worldOf(objects)
  const workflows = objects.filter(({ kind }) => !kind.endsWith('Template'))
  const said = (workflows.length > 0 ? workflows : objects).flatMap((each) =>
    [...each.problems, ...validate(each, world, mode)].map(({ path, message }) => {
      const { line, column } = each.document.positionOf(path)
      return `${line}:${column} ${path}: ${message.replaceAll('\n', '\\n')}`
    }),
  )
  const unread = problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
  return [...unread, ...said]
}
