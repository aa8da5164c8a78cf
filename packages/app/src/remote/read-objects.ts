import {
  type CronWorkflow,
  type KubeObject,
  type Problem,
  parseClusterWorkflowTemplate,
  parseCronWorkflow,
  parseWorkflow,
  parseWorkflowTemplate,
  type Workflow,
  type WorkflowTemplate,
} from '@argosy/engine'
import { type ManifestDocument, type Manifests, parseManifests, renderProblem } from '@argosy/kube'
import { readSources } from '../input/sources.ts'
import type { Shell } from '../shell/shell.ts'

type Parsed<T> = { readonly object: T; readonly problems: readonly Problem[] }
type Parse<T> = (object: ManifestDocument['object']) => Parsed<T>

const parsers = {
  Workflow: (from): Parsed<Workflow> => {
    const { workflow, problems } = parseWorkflow(from)
    return { object: workflow, problems }
  },
  WorkflowTemplate: (from): Parsed<WorkflowTemplate> => {
    const { template, problems } = parseWorkflowTemplate(from)
    return { object: template, problems }
  },
  ClusterWorkflowTemplate: (from): Parsed<WorkflowTemplate> => {
    const { template, problems } = parseClusterWorkflowTemplate(from)
    return { object: template, problems }
  },
  CronWorkflow: (from): Parsed<CronWorkflow> => {
    const { cron, problems } = parseCronWorkflow(from)
    return { object: cron, problems }
  },
} as const satisfies Record<string, Parse<KubeObject>>

export type Kind = keyof typeof parsers
export type ObjectOf<K extends Kind> = ReturnType<(typeof parsers)[K]>['object']

/** The objects of one kind in the files; others are passed over, and said so. Throws what is wrong with the texts. */
export async function readObjects<K extends Kind>(
  files: readonly string[],
  { kind, strict }: { readonly kind: K; readonly strict: boolean },
  shell: Pick<Shell, 'stdin' | 'stderr'>,
): Promise<readonly ObjectOf<K>[]> {
  const { sources, problems: unread } = await readSources(files, shell)
  const problems = [...unread]
  const objects: ObjectOf<K>[] = []
  for (const { file, text } of sources) {
    const manifests = parseManifests(text, file)
    problems.push(...wrongIn(manifests, strict).map((problem) => renderProblem(problem, text)))
    for (const document of manifests.documents) {
      const { kind: found } = document.object
      if (found !== kind) {
        shell.stderr.write(
          `argosy: ${file}: ${String(found ?? 'an object without a kind')} is passed over: only ${kind} is taken here\n`,
        )
        continue
      }
      const { object, problems: own } = parsers[kind](document.object)
      const grave = strict ? own : own.filter(({ message }) => !message.startsWith('unknown field'))
      problems.push(...grave.map((one) => rendered(one, document, text)))
      objects.push(object as ObjectOf<K>)
    }
  }
  if (problems.length > 0) throw new Error(problems.join('\n\n'))
  return objects
}

function rendered({ path, message }: Problem, document: ManifestDocument, text: string): string {
  return renderProblem({ file: document.file, ...document.positionOf(path), message }, text)
}

function wrongIn({ problems, repeated }: Manifests, strict: boolean) {
  return strict ? [...problems, ...repeated] : problems
}
