import type { NodeStatus, Workflow } from '@argosy/engine'
import { useState } from 'react'
import { Ask } from '../../parts/ask.tsx'
import { copyText } from '../../parts/copy-text.ts'
import { Icon } from '../../parts/icon.tsx'
import { ScrollText } from '../../parts/scroll-text.tsx'
import { shellCommands } from '../../state/shell-commands.ts'

interface ShellButtonProps {
  readonly run: Workflow
  readonly node: NodeStatus
}

/** The way from a step into a terminal: commands to copy. */
export function ShellButton({ run, node }: ShellButtonProps) {
  const [open, setOpen] = useState(false)
  const commands = shellCommands(run, node)
  if (commands.length === 0) return null
  const close = () => setOpen(false)
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        <Icon name="terminal" />
        In a terminal
      </button>
      {open && (
        <Ask
          title={`${node.displayName} in a terminal`}
          yes="Done"
          plain
          onYes={close}
          onClose={close}
        >
          {commands.map(({ about, command }) => (
            <section key={about} className="stack tight">
              <div className="row">
                <h3 className="grow">{about}</h3>
                <button
                  type="button"
                  className="button"
                  data-look="bare"
                  onClick={() => copyText(command)}
                >
                  <Icon name="copy" />
                  Copy
                  <span className="unseen"> the command: {about}</span>
                </button>
              </div>
              <ScrollText look="value" label={about}>
                {command}
              </ScrollText>
            </section>
          ))}
        </Ask>
      )}
    </>
  )
}
