import type { Workflow } from '../../spec/workflow.ts'

/** Who asks, as far as it is known. */
export interface Actor {
  readonly subject?: string
  readonly email?: string
  readonly preferredUsername?: string
}

export type Action = 'Update' | 'Suspend' | 'Stop' | 'Terminate' | 'Resume' | 'Retry'

const prefix = 'workflows.argoproj.io/'

/** Notes on the object who did what last; of nobody known nothing is left. argo: creator.LabelActor. */
export function labelActor(
  workflow: Workflow,
  actor: Actor | undefined,
  action: Action | undefined,
): Workflow {
  const who = labelsOf('actor', actor)
  const labels = { ...who, [`${prefix}action`]: actor === undefined ? undefined : action }
  return labelled(workflow, labels)
}

/** argo: creator.LabelCreator. */
export function labelCreator(workflow: Workflow, creator: Actor | undefined): Workflow {
  const labels = { ...labelsOf('creator', creator), [`${prefix}action`]: undefined }
  return labelled(workflow, labels)
}

/** What a resumed node says of who resumed it: Go's text of a map. */
export function resumedBy(actor: Actor | undefined): string {
  if (actor === undefined) return ''
  const { email, preferredUsername, subject } = actor
  const parts = [
    email ? `Email:${email}` : '',
    preferredUsername ? `PreferredUsername:${preferredUsername}` : '',
    subject ? `User:${subject}` : '',
  ]
  return `Resumed by: map[${parts.filter((part) => part !== '').join(' ')}]`
}

/** The label that marks whoever made a workflow, in all its forms. */
export const creatorLabels = ['creator', 'creator-email', 'creator-preferred-username'].map(
  (name) => prefix + name,
)

function labelsOf(role: string, actor: Actor | undefined): Record<string, string | undefined> {
  const { subject, email, preferredUsername } = actor ?? {}
  return {
    [`${prefix}${role}`]: subject ? dnsFriendly(subject) : undefined,
    [`${prefix}${role}-email`]: email ? dnsFriendly(email.replace('@', '.at.')) : undefined,
    [`${prefix}${role}-preferred-username`]: preferredUsername
      ? dnsFriendly(preferredUsername)
      : undefined,
  }
}

function labelled(
  workflow: Workflow,
  changes: Readonly<Record<string, string | undefined>>,
): Workflow {
  const before = workflow.metadata.labels ?? {}
  const labels: Record<string, string> = { ...before }
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete labels[name]
    else labels[name] = value
  }
  if (Object.keys(labels).length === 0 && workflow.metadata.labels === undefined) return workflow
  return { ...workflow, metadata: { ...workflow.metadata, labels } }
}

function dnsFriendly(text: string): string {
  return text
    .replace(/[^-_.a-z0-9A-Z]/gu, '-')
    .slice(-63)
    .replace(/^[^a-z0-9A-Z]*/, '')
    .replace(/[^a-z0-9A-Z]*$/, '')
}
