import type { Workflow } from '@argosy/engine'

/** The final Workflows as one list: the only thing on standard output, for programs. */
export async function printObjects(
  workflows: readonly Workflow[],
  format: 'json' | 'yaml',
  out: NodeJS.WritableStream,
): Promise<void> {
  const text = format === 'json' ? `${JSON.stringify(workflows, null, 2)}\n` : await yaml(workflows)
  await new Promise<void>((resolve) => out.write(text, () => resolve()))
}

async function yaml(workflows: readonly Workflow[]): Promise<string> {
  const { stringify } = await import('yaml')
  // Shared parts of a frozen object are no aliases, and long texts stay as they are.
  return stringify(workflows, { aliasDuplicateObjects: false, lineWidth: 0 })
}
