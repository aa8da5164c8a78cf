import { convertLegacy, type JsonObject } from '@argosy/engine'
import { parseManifests, renderProblem } from '@argosy/kube'
import type { Shell } from '../shell/shell.ts'
import { yamlText } from '../text/objects.ts'
import { readSources } from './sources.ts'

/** What the files hold, for today's Argo. Throws what could not be read. argo: convert. */
export async function converted(
  files: readonly string[],
  format: 'yaml' | 'json',
  input: Pick<Shell, 'stdin'>,
): Promise<string> {
  const { sources, problems: unread } = await readSources(files, input, 'deep')
  const problems = [...unread]
  const objects: JsonObject[] = []
  for (const { file, text } of sources) {
    const manifests = parseManifests(text, file)
    const wrong = [...manifests.problems, ...manifests.repeated]
    problems.push(...wrong.map((problem) => renderProblem(problem, text)))
    objects.push(...manifests.documents.map(({ object }) => convertLegacy(object)))
  }
  if (problems.length > 0) throw new Error(problems.join('\n\n'))
  const texts = objects.map((one) =>
    format === 'json' ? `${JSON.stringify(one)}\n` : `---\n${yamlText(one)}`,
  )
  return texts.join('')
}
